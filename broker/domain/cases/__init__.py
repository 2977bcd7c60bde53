"""The nouns of cases: what a case is, where it stands, who works on it, how long it is kept."""
