"""The Merkle tree over the entries: its hashes, its tiles, and proofs from it."""
