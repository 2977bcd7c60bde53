"""Entering people: many at once, and whom an earlier release knew by an identifier alone."""
