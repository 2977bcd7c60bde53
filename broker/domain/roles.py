"""The closed list of what a person may be to the broker."""

from enum import StrEnum, unique


@unique
class Role(StrEnum):
    """A role, in the word that tokens and the ledger have for it."""

    PRACTITIONER = "practitioner"
    PARTNER = "partner"
    GUARDIAN = "guardian"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
