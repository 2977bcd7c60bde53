"""Rows of each wing, one module for a wing; the tables of the main flow lie one folder above."""
