"""What a page is from which somebody without an account fetches one document."""
