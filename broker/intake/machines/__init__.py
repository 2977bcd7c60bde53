"""What machines send, and what is said of them, parsed once."""
