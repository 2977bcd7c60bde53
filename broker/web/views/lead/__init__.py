"""A concern on pages: whom its writer asks, what the lead answers, and what comes of it."""
