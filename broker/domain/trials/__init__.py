"""Test letters to contacts, and what became of them."""
