"""Nouns of a Guardian's work: advice that decides nothing, and cover by a deputy."""
