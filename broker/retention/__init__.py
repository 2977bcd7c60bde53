"""How a case ends: erasure by a person, disposal by its day, and the holds that keep both away."""
