"""What a partner is asked and answers: requests, their copies, days and words."""
