"""What a pack has to do with a request: the questions that it puts, or the officer it answers."""

from dataclasses import dataclass
from datetime import date

from broker.domain.json_values import as_array, as_object, text
from broker.domain.times import day_text
from keys import AgencyId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to one body: a field of the form, why in a sentence, and for which days."""

    field: str
    sentence: str
    since: date
    until: date

    @classmethod
    def of_document(cls, document: object) -> "Ask":
        """Return the question that `document` wrote; raises `TypeError` for another shape."""
        ask = as_object(document)
        return cls(
            field=text(ask.get("field")),
            sentence=text(ask.get("sentence")),
            since=date.fromisoformat(text(ask.get("from"))),
            until=date.fromisoformat(text(ask.get("until"))),
        )

    def document(self) -> dict[str, object]:
        """Return the question as it stands in a pack."""
        return {
            "field": self.field,
            "sentence": self.sentence,
            "from": day_text(self.since),
            "until": day_text(self.until),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class InRequest:
    """To which copy of a request a pack belongs, and which officer put the question.

    `asks` are the questions of a pack that puts them, `why` says why this body would hold the
    answers and `statement` what they are for; a pack that answers holds none of the three. Written
    by the broker, never by whoever sends a pack: `officer` is the requester that the rules judge.
    """

    copy: str
    officer: PersonId
    agency: AgencyId
    asks: tuple[Ask, ...] = ()
    why: str = ""
    statement: str = ""

    @classmethod
    def of_document(cls, document: object) -> "InRequest":
        """Return what a pack says of its request; raises `TypeError` for another shape."""
        found = as_object(document)
        return cls(
            copy=text(found.get("copy")),
            officer=PersonId(text(found.get("officer"))),
            agency=AgencyId(text(found.get("agency"))),
            asks=tuple(map(Ask.of_document, as_array(found.get("asks")))),
            why=text(found.get("why")),
            statement=text(found.get("statement")),
        )

    def document(self) -> dict[str, object]:
        """Return it as it stands in a kept pack."""
        return {
            "copy": self.copy,
            "officer": self.officer,
            "agency": self.agency,
            "asks": [ask.document() for ask in self.asks],
            "why": self.why,
            "statement": self.statement,
        }
