"""Earlier concerns about the same person: their index, who sees which, who has to open them."""
