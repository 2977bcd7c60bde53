"""Routes of what stands beside a Guardian's decisions."""
