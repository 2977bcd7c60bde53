"""Commands of whoever runs the installation: set up, serve, look after keys, ledger and disk."""
