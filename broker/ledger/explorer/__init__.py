"""The ledger as people look through it: how it stands, pages of entries, one entry, tables.

What an entry says stands in `audit.format.events`; whose it is, in `broker.ledger.shares`.
"""
