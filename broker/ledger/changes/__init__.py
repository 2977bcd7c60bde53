"""What each change of a row writes on the ledger, with what is said of the row: a module a wing."""
