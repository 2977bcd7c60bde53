"""What each change of a row writes on the ledger, and says of the row: a module for a wing."""
