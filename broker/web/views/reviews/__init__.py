"""The Guardian's pages: what waits, one review, the decision, looking back, what stayed."""
