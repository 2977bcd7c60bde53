"""A pack as its recipient gets it: what goes, the gate for files, the pages, the seal.

No database and no network here.
"""
