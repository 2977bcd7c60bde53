"""How a case ends: erasure by a person, disposal by its day, and the holds that keep both away.

Here too a passphrase ends by its day.
"""
