"""Documents about what registers keep: agreements of people and of bodies, workers, clearances."""
