"""Write the log: entries, tiles and signed heads in a database, and the export of it."""
