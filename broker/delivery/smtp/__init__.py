"""The way out by mail: a relay on a connection that is proved, and what comes back from it.

Which faults are tried again stands in one table, `faults.py`. Nothing here knows a database.
"""
