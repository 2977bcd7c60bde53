"""Routes of what is kept over time: the directory, what holds between bodies, law and reviews."""
