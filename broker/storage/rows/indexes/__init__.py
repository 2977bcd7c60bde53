"""Blind indexes: keyed digests by which something is found again, and what people say of it."""
