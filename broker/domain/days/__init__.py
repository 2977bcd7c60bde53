"""Days that a calendar knows and arithmetic does not."""
