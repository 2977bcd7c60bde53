"""Rows that help to find something, and that nothing rests on."""
