"""Rows about machines: who they are, and where they are told."""
