"""Rows: one transaction, its tables and migrations, and what each wing keeps in them.

Nothing here decides; the entrances ask a wing, never a row.
"""
