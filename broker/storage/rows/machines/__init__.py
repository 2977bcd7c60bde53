"""Rows about machines: who they are, and which of their proofs were used."""
