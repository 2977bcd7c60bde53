"""From TOML to a checked rulebook: cards, vocabulary, registers, bundle."""
