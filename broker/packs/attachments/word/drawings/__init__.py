"""What stands in the drawings of a Word file."""
