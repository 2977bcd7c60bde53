"""The parts of a Word file: their markup, what binds them, and which of them are refused."""
