"""What people send, made into a submission: strict JSON, shapes, faults that name their place."""
