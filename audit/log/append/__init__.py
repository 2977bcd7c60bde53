"""Grow the log: the next entry, its number, its link, its tiles, in the caller's transaction."""
