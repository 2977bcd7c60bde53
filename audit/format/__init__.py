"""The formats, to the byte: entries, the tree over them, signed notes, receipts, openings."""
