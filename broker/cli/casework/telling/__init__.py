"""What is told on its own account: changes to past readers, and notices to a region."""
