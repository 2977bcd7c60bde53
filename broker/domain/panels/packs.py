"""A panel's pack: what is picked of what bodies released to the panel, and where it stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique
from typing import Final

from broker.domain.errors import Fault
from broker.domain.json_values import as_object, text
from broker.domain.references import Reference, parse_reference
from keys import PersonId

PURPOSE: Final = "panel-assessment"
"""What a panel's pack is for."""


@unique
class PackState(StrEnum):
    """Where a panel's pack stands, in the word of rows and pages."""

    BUILT = "built"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


PACKS_IN_WORDS: Final[Mapping[PackState, str]] = {
    PackState.BUILT: "Built. It waits for the chair",
    PackState.APPROVED: "Approved. Copies open",
    PackState.WITHDRAWN: "Withdrawn. No copy opens",
    PackState.ENDED: "Over. No copy opens any more",
}
"""Where a pack stands, as people read it."""

LIVE: Final = (PackState.BUILT, PackState.APPROVED)
"""Where a pack stands of which copies open, or will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPack:
    """A pack of one meeting, `number` counting those of it: codes and moments, no words."""

    disclosure: Reference
    meeting: Reference
    number: int
    built_by: PersonId
    built_at: datetime
    state: PackState = PackState.BUILT
    approved_by: PersonId | None = None
    approved_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """One field that a body released to the panel: its words as they left, with their marks."""

    source: Reference
    body: str
    field: str
    words: str

    @property
    def key(self) -> str:
        """What it is called where it is picked.

        >>> Released(
        ...     source=parse_reference("PRV-7Q4K-M2XH"), body="A school", field="concerns.event",
        ...     words="...",
        ... ).key
        'PRV-7Q4K-M2XH/concerns.event'
        """
        return f"{self.source}/{self.field}"

    @classmethod
    def of_document(cls, document: object) -> "Released":
        """Return the field that `document` wrote; raises `TypeError` for another shape."""
        found = as_object(document)
        return cls(
            source=parse_reference(text(found["from"])),
            body=text(found["body"]),
            field=text(found["field"]),
            words=text(found["words"]),
        )

    def document(self) -> dict[str, object]:
        """Return it as JSON."""
        return {
            "from": str(self.source),
            "body": self.body,
            "field": self.field,
            "words": self.words,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPack:
    """What a coordinator picks, by `Released.key`, and why the panel needs it.

    `reasons` give, field by field, why one beyond the minimum goes along; `screened` says that
    somebody read all of it for what should not go.
    """

    picks: tuple[str, ...]
    statement: str
    necessity: str
    proportionality: str
    reasons: Mapping[str, str]
    screened: bool


def pack_faults(
    wanted: WantedPack, released: Iterable[Released], with_a_reason: frozenset[str]
) -> Iterator[Fault]:
    """Yield what a pack lacks: each pick was released, each text is there; pure."""
    can_be_picked = {one.key: one.field for one in released}
    if not wanted.picks:
        yield Fault(place="picks", problem="is empty; pick what the panel needs")
    for number, key in enumerate(wanted.picks):
        field = can_be_picked.get(key)
        if field is None:
            problem = "was not released to the panel, so it cannot be picked"
            yield Fault(place=f"picks[{number}]", problem=problem)
        elif field in with_a_reason and not wanted.reasons.get(field, "").strip():
            problem = "is missing; say why the panel needs this field"
            yield Fault(place=f"reasons.{field}", problem=problem)
    for place, words, what in (
        ("statement", wanted.statement, "what the panel decides with it"),
        ("necessity", wanted.necessity, "why less would not do"),
        ("proportionality", wanted.proportionality, "how harm and intrusion weigh"),
    ):
        if not words.strip():
            yield Fault(place=place, problem=f"is missing; say {what}")
    if not wanted.screened:
        yield Fault(place="screened", problem="must be yes; read all of it before it goes")


def picked(wanted: WantedPack, released: Iterable[Released]) -> tuple[Released, ...]:
    """Return what is picked, in the order in which it was released; pure."""
    picks = frozenset(wanted.picks)
    return tuple(one for one in released if one.key in picks)


def form_of(blocks: Iterable[Released]) -> dict[str, str]:
    r"""Return the fields of a pack, each once, with what every body said of it; pure.

    What two bodies say alike, such as a name, stands there once.

    >>> source = parse_reference("PRV-7Q4K-M2XH")
    >>> said = [("A school", "He left."), ("A trust", "He came.")]
    >>> form_of(
    ...     Released(source=source, body=body, field="concerns.event", words=words)
    ...     for body, words in said
    ... )
    {'concerns.event': 'He left.\nHe came.'}
    """
    said: dict[str, list[str]] = {}
    for one in blocks:
        said.setdefault(one.field, []).append(one.words)
    return {field: "\n".join(dict.fromkeys(texts)) for field, texts in said.items()}
