"""Routes of what is kept between bodies."""
