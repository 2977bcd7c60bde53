"""How a pack leaves: gathered, sealed, carried by a courier, retried, and the outcome recorded.

Nothing here decides whether it may go, and no transaction is open while it travels.
"""
