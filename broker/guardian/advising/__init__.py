"""Advice that a Guardian asks for: filed beside the decision, and never an approval."""
