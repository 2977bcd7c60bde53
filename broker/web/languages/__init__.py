"""Other languages than English: who translated what, and whether it is whole."""
