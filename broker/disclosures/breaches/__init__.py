"""Breach records: opened by whoever notices, written on by Guardian and IG, then closed."""
