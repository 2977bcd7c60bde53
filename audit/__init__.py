"""The ledger: what was decided and done, chained, signed and checkable without trusting us.

A library of its own. `audit.log` appends inside the caller's transaction, keeps
signed checkpoints outside the database, `audit.verify` checks it all from the bytes alone.
Formats: docs/formats/ledger.md and docs/formats/checkpoint.md.
"""
