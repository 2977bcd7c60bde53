"""Signed notes: checkpoints, cosignatures, the keys that sign them, whose signatures count."""
