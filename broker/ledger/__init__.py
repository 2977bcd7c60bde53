"""What the gateway writes on its ledger: events, receipts, signed heads and the keys that sign.

The ledger itself, its formats and its verifier are the library `audit`.
"""
