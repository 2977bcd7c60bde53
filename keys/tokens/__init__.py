"""Bearer tokens: issued and read in one place."""
