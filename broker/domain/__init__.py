"""The nouns and the pure arithmetic about them: no clock, no file, no database."""
