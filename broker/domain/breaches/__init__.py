"""What went to the wrong place, or nearly: its record, and the clock that runs on it."""
