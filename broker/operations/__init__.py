"""What an operator does to the whole installation: set up, keep tidy, back up, restore."""
