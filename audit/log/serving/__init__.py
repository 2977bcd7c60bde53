"""Hand out the log: exports, receipts and tiles, from which others verify it without us."""
