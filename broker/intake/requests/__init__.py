"""Requests to partners and their answers, as they are sent."""
