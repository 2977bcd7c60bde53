"""What a Guardian's pages ask, in which words, and what they have written so far; no rule."""
