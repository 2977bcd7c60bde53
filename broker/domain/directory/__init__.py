"""Nouns of the directory: what a contact is for, and what stands behind it."""
