"""The sections of `broker demo`, each told as it happens, and the gateway that they call."""
