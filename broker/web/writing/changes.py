"""A page about a change as it was typed: kept sealed until it is told, and made a document."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from broker.domain.concerns.drafts import CHANGE, Draft, DraftText, UnknownDraftError
from broker.domain.json_values import is_array
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.wiring import Services

Typed = Mapping[str, tuple[str, ...]]
"""What was typed, by field."""

_PAGE: Final = "change"

FIELD_OF: Final[Mapping[str, str]] = {
    "what": "what",
    "statement.words": "words",
    "statement.source": "source",
    "statement.on": "on-day",
    "statement.known": "known",
    "form": "address",
    "questions.danger": "danger",
    "questions.check": "check",
    "questions.told": "told",
    "questions.proportionality": "enough",
    "questions": "why",
    "to": "to",
}
"""In which field of the page what a document says at a place is put right; the first that fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNotes:
    """What somebody has written of a change of one case, theirs alone, until it is told."""

    services: Services
    person: Person
    about: Reference
    draft: Draft | None

    @classmethod
    def of(cls, services: Services, person: Person, about: Reference) -> "ChangeNotes":
        """Open what was written so far, which may be nothing; raises `DraftRefusedError`."""
        row = services.concerns.drafts.of_form(person, _form(about))
        draft = None if row is None else services.concerns.drafts.open(person, row.id)
        return cls(services=services, person=person, about=about, draft=draft)

    @property
    def typed(self) -> Typed | None:
        """What was typed, None before anything was."""
        if self.draft is None:
            return None
        kept = self.draft.text.typed.get(_PAGE, {})
        return {name: tuple(map(str, said)) for name, said in kept.items() if is_array(said)}

    @property
    def key(self) -> str:
        """What names these words as they stand: telling them twice tells them once."""
        if self.draft is None:
            raise UnknownDraftError
        return f"draft-{self.draft.row.id}-{self.draft.row.version}"

    def keep(self, typed: Typed) -> "ChangeNotes":
        """Keep what was typed, faults and all."""
        drafts = self.services.concerns.drafts
        said = {name: [*values] for name, values in typed.items()}
        if self.draft is None:
            text = DraftText(typed={_PAGE: said})
            return replace(self, draft=drafts.begin(self.person, _form(self.about), text))
        return replace(self, draft=drafts.keep_typed(self.person, self.draft.row.id, _PAGE, said))

    def forget(self) -> None:
        """Forget it, once it is told."""
        if self.draft is not None:
            self.services.concerns.drafts.delete(self.person, self.draft.row.id)


def change_document(typed: Typed) -> dict[str, object]:
    """Return the document (docs/formats/change.md) of what was typed; pure.

    >>> change_document({"what": ("moved",), "told": ("risk",)})["questions"]["told"]["status"]
    'no'
    """
    said = {name: values[0].strip() for name, values in typed.items() if values}
    why, told = said.get("why", ""), said.get("told", "")
    day = "-".join(
        said.get(f"on-{part}", "").zfill(width)
        for part, width in (("year", 4), ("month", 2), ("day", 2))
    )
    address = said.get("address", "")
    return {
        "change": "change/1",
        "what": said.get("what", ""),
        "statement": {
            "known": said.get("known", ""),
            "source": said.get("source", ""),
            "on": day,
            "words": said.get("words", ""),
        },
        "to": list(typed.get("to", ())),
        "form": {"individual.address": address} if address else {},
        "questions": {
            "purpose_statement": why,
            "danger": said.get("danger", ""),
            "check": {"status": said.get("check", ""), "reason": said.get("cannot_wait", "")},
            "told": {
                "status": "yes" if told == "yes" else "no",
                "telling_raises_risk": "yes" if told == "risk" else "no",
                "reason": said.get("not_told", ""),
                "tell_by": None,
            },
            "necessity": {"reason": why, "less_would_do": "no"},
            "proportionality": {"reason": said.get("enough", "")},
        },
    }


def _form(about: Reference) -> str:
    return f"{CHANGE}/1/{about}"
