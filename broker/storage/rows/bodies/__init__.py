"""Rows of what holds between bodies: agreements to share, named workers, clearances."""
