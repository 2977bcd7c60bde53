"""Finding entries of the directory: by words, old ones too, and by addresses that look alike."""
