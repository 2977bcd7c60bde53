"""Who keeps machines of partners: their keys, and where they are sent word."""
