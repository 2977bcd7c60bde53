"""Tools beside the engine: checking a rulebook, its worked cases, explaining, rehearsing."""
