"""What partners are asked and answer, in a browser."""
