"""Machines of partners: who they are, by which keys they show it, and what they may be."""
