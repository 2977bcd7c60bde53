"""Rulebooks over time: which is in force, activating another, replaying what one decided."""
