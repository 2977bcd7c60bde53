"""A draft: what somebody typed and has not sent, and who may open it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NewType

from broker.domain.errors import BrokerError
from broker.domain.json_values import as_object
from keys import AgencyId, PersonId

DraftId = NewType("DraftId", str)

KEPT_DAYS: Final = 28
"""How long a draft is kept after it was saved last."""

REVIEW: Final = "review"
"""The journey of a draft that holds what a Guardian has written of a decision so far."""

CHANGE: Final = "change"
"""The journey of a draft that holds what somebody has written of a change so far."""

WARNED_DAYS: Final = 7
"""How long before its end its owner is told."""


class Part(StrEnum):
    """What a member may do with a draft."""

    WRITES = "writes"
    READS = "reads"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Member:
    """Somebody who may open a draft, and whether they may change it."""

    person: PersonId
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftText:
    """What is in a draft: answers by page, and what was typed that is no answer yet.

    `typed` holds posted forms by page: what had faults, or came when a session had ended.
    """

    answers: Mapping[str, Mapping[str, object]] = field(
        default_factory=dict[str, Mapping[str, object]]
    )
    typed: Mapping[str, Mapping[str, object]] = field(
        default_factory=dict[str, Mapping[str, object]]
    )

    def to_bytes(self) -> bytes:
        """Return the text as it is sealed."""
        document = {"answers": self.answers, "typed": self.typed}
        return json.dumps(document, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def of_bytes(cls, content: bytes) -> "DraftText":
        """Return what `to_bytes` wrote; raises `TypeError` or `ValueError` for anything else."""
        document = as_object(json.loads(content))
        return cls(
            answers=_by_page(document.get("answers")), typed=_by_page(document.get("typed"))
        )


def _by_page(value: object) -> dict[str, Mapping[str, object]]:
    return {page: as_object(said) for page, said in as_object(value).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRow:
    """A draft as the database holds it: nothing about the person, and a random name.

    `form` is the version of the pages that it was typed on; `version` counts its saves.
    """

    id: DraftId
    owner: PersonId
    agency: AgencyId
    form: str
    version: int
    ciphertext: bytes
    saved_on: date

    @property
    def journey(self) -> str:
        """The name of the journey that it was typed on, such as `referral`."""
        return self.form.partition("/")[0]

    @property
    def expires_on(self) -> date:
        """The last day on which it is kept, unless it is saved again."""
        return self.saved_on + timedelta(days=KEPT_DAYS)

    def goes_soon(self, today: date) -> bool:
        """Say whether its owner is to be told that it goes."""
        return today >= self.expires_on - timedelta(days=WARNED_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft that was opened: its row, who may open it, and what is in it."""

    row: DraftRow
    members: tuple[Member, ...]
    text: DraftText


class UnknownDraftError(BrokerError):
    """Raised alike for a draft that does not exist and one that is not theirs."""

    def __init__(self) -> None:
        """Say what may have happened to it."""
        super().__init__(
            "There is no such draft of yours. It may have been sent or deleted, or 28 days have "
            "passed since it was saved. Your list shows what you can open."
        )


class DraftChangedError(BrokerError):
    """Raised when a draft was saved in another window meanwhile; carries what stands there now.

    Nothing is lost: the caller still has what was typed here, and `now` is the other text.
    """

    def __init__(self, now: Draft) -> None:
        """Keep what the other window saved."""
        self.now = now
        super().__init__(
            "This was changed in another window. Both texts are shown: keep one of them, or copy "
            "what you need from either."
        )


class DraftRefusedError(BrokerError):
    """Raised when a draft's row is not what was kept: altered, swapped, or an older one."""

    def __init__(self) -> None:
        """Say who must look, and that danger does not wait."""
        super().__init__(
            "This draft is not what was saved here, so it is not opened. Tell whoever runs the "
            "broker at once, and write it anew. In danger ring 999."
        )
