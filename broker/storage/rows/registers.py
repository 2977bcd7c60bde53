"""The registers there are: every table whose rows are believed only as the ledger says."""

from typing import Final

from broker.storage import tables
from broker.storage.rows.believed import Register

AGENCIES: Final = Register(table=tables.agency, parts=(tables.agency_basis,))
MAILBOXES: Final = Register(table=tables.mailbox)

REGISTERS: Final = (AGENCIES, MAILBOXES)
"""What `broker ledger verify` compares with the log, row by row."""
