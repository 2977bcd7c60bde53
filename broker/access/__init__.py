"""Who is asking: bearer tokens, and what one must say to be believed."""
