"""The nouns of what stands before a disclosure: drafts, and who may read them."""
