"""Read a log that somebody else wrote, and believe nothing that is not proved."""
