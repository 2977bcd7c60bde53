"""For how long things are kept, as bodies set it."""
