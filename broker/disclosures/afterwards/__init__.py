"""What follows sending: the steps that people do, whom they ring, and what is theirs."""
