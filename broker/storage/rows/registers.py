"""The registers there are: every table whose rows are believed only as the ledger says."""

from typing import Final

from broker.storage import tables
from broker.storage.rows.accounts import account, identity, invitation, passkey, recovery
from broker.storage.rows.advising import ADVICES, COVERS
from broker.storage.rows.believed import Register
from broker.storage.rows.bodies.between import BETWEEN
from broker.storage.rows.cases import CASES
from broker.storage.rows.cases.agreements import AGREEMENTS
from broker.storage.rows.concerns import CONCERNS
from broker.storage.rows.delivering.breaches import BREACHES
from broker.storage.rows.delivering.profiles import PROFILES
from broker.storage.rows.delivering.trials import TRIALS
from broker.storage.rows.indexes.earlier import CALLS
from broker.storage.rows.keeping.memories import LOOKS
from broker.storage.rows.keeping.retention_classes import CLASSES
from broker.storage.rows.machines.clients import CLIENT_KEYS, CLIENTS
from broker.storage.rows.machines.webhooks import WEBHOOKS
from broker.storage.rows.oversight import OVERSIGHT
from broker.storage.rows.panels import PANELS
from broker.storage.rows.people import person, person_role
from broker.storage.rows.request_copies import request_copy
from broker.storage.rows.sharing import SHARING
from broker.storage.rows.telling import TELLING

AGENCIES: Final = Register(table=tables.agency, parts=(tables.agency_basis,))
MAILBOXES: Final = Register(table=tables.mailbox)

PEOPLE: Final = Register(table=person)
ROLES: Final = Register(table=person_role)
ACCOUNTS: Final = Register(table=account)
PASSKEYS: Final = Register(table=passkey)
IDENTITIES: Final = Register(table=identity)
INVITATIONS: Final = Register(table=invitation)
RECOVERIES: Final = Register(table=recovery)

COPIES: Final = Register(table=request_copy)

REGISTERS: Final = (
    AGENCIES,
    MAILBOXES,
    PEOPLE,
    ROLES,
    ACCOUNTS,
    PASSKEYS,
    IDENTITIES,
    INVITATIONS,
    RECOVERIES,
    CONCERNS,
    ADVICES,
    COVERS,
    CASES,
    AGREEMENTS,
    COPIES,
    *OVERSIGHT,
    *BETWEEN,
    BREACHES,
    TRIALS,
    PROFILES,
    CALLS,
    CLASSES,
    LOOKS,
    CLIENTS,
    CLIENT_KEYS,
    WEBHOOKS,
    *PANELS,
    *SHARING,
    *TELLING,
)
"""What `broker ledger verify` compares with the log, row by row."""
