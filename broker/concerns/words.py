"""What people write about a concern, sealed under the key of its case and committed to."""

import json
import secrets
from typing import Final

from audit.format.commitment import commit
from broker.domain.concerns.concerns import Concern, OpenConcern
from broker.domain.concerns.drafts import Draft
from broker.domain.json_values import as_object, text
from broker.domain.references import Reference
from broker.storage.transaction import Transaction
from keys import CaseKey, Place, open_field, seal_field

WHY: Final = "why"
"""What its writer wrote to carry on without an answer, or against one."""

_SALT_BYTES: Final = 32


def of_check(number: int) -> str:
    """Return the name of what was answered to a question, counted from 1."""
    return f"check/{number}"


def sealed_words(key: CaseKey, reference: Reference, name: str, words: str) -> tuple[bytes, str]:
    """Return words sealed at their place, and the commitment that the ledger may hold."""
    salt = secrets.token_bytes(_SALT_BYTES)
    opening = {"salt": salt.hex(), "value": words}
    content = json.dumps(opening, ensure_ascii=False).encode()
    return seal_field(key, content, _place(key, reference, name)), commit(name, words, salt)


def opened_words(key: CaseKey, reference: Reference, name: str, sealed: bytes) -> str:
    """Return what `sealed_words` sealed; raises `CannotOpenError`."""
    content = open_field(key, sealed, _place(key, reference, name))
    return text(as_object(json.loads(content))["value"])


def opened(tx: Transaction, concern: Concern, draft: Draft | None) -> OpenConcern:
    """Return a concern with everybody's words; raises `UnknownKeyError` once its time is over."""
    key = tx.keystore.case_key(concern.case)
    return OpenConcern(
        concern=concern,
        draft=draft,
        words={
            check.number: opened_words(
                key, concern.reference, of_check(check.number), check.answer.words
            )
            for check in concern.checks
            if check.answer is not None
        },
        why="" if concern.why is None else opened_words(key, concern.reference, WHY, concern.why),
    )


def _place(key: CaseKey, reference: Reference, name: str) -> Place:
    return Place(case=key.case, field=f"{reference}/{name}", version=1)
