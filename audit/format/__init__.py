"""The formats, to the byte: entries, tree, tiles, notes, checkpoints, proofs, receipts."""
