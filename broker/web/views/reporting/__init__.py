"""A member of the public writes to a body, and its leads read it."""
