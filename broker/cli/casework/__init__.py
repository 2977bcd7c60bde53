"""Commands of those who work on a case: what they submit, are asked, decide and owe."""
