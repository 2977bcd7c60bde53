"""Rows about what leaves: test letters to contacts, and what went wrong."""
