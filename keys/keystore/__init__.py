"""The keystore: a small file of its own that holds every secret key, wrapped."""
