"""The journeys of who asks partners and of who answers: pages of their own around the others."""
