"""Commands about the rules: what they say, whether they hold, and which are in force."""
