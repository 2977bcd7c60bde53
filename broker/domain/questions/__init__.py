"""What one body asks another, and which question a pack puts or answers."""
