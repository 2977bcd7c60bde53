"""What is kept between bodies: agreements to share, workers of providers, clearances."""
