"""Documents that are fetched from a page: how one is offered, told, given and taken away.

Two processes meet in three tables. The gateway has the keys and the ledger and is not reached from
outside; the portal (`front`) is reached from outside and has neither.
"""
