"""What a reader has written of an answer: carried from form to form, sealed, and kept nowhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

from broker.domain.json_values import as_array, as_object, text, texts
from broker.domain.partner_requests.answers import ANSWER_PURPOSE
from broker.domain.portal.asking import Asker
from broker.web.journeys.answers import Answers, Circumstances, Kind, Minimum, Value
from broker.web.journeys.journey import Journey
from broker.web.portal.locked import locked, unlocked
from broker.web.writing.question_documents import answer_document
from keys import CannotOpenError, Place

LONGEST: Final = 60_000
"""How many bytes may be written in all: every answer, with its reasons and sources."""

_USE: Final = "written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The answers so far, by page, with what the gateway said of the question."""

    asked: Mapping[str, object]
    answers: Answers

    @classmethod
    def begun(cls, asked: Mapping[str, object]) -> Self:
        """Return what stands in the forms before anything is written: what is asked."""
        asks = [as_object(one) for one in as_array(asked["asks"])]
        fields: list[str] = [text(one["field"]) for one in asks]
        answers: dict[str, Mapping[str, Value]] = {"asked": {"fields": fields}}
        for one in asks:
            answers[f"asked/{text(one['field'])}"] = {"sentence": text(one["sentence"])}
        return cls(asked=asked, answers=answers)

    @classmethod
    def opened(cls, secret: bytes, asker: Asker, sealed: str) -> Self | None:
        """Return what a form of this reader carried, None for anything else."""
        try:
            content = unlocked(sealed, (secret, asker.secret), _place(asker))
        except CannotOpenError:
            return None
        document = as_object(json.loads(content))
        answers = {
            page: {name: _value(one) for name, one in as_object(said).items()}
            for page, said in as_object(document["answers"]).items()
        }
        return cls(asked=as_object(document["asked"]), answers=answers)

    def sealed(self, secret: bytes, asker: Asker) -> str:
        """Return it as a form of this reader carries it.

        It opens with the secret of the process or the reader's own: whichever is left when the
        portal began anew, or a new code was told to the same function.
        """
        document = {"asked": self.asked, "answers": self.answers}
        content = json.dumps(document, ensure_ascii=False).encode()
        return locked(content, (secret, asker.secret), _place(asker))

    def with_page(self, page: str, said: Mapping[str, Value]) -> "Written":
        """Return it with the answers of one more page, in the place of earlier ones."""
        return Written(asked=self.asked, answers={**self.answers, page: said})

    @property
    def is_too_long(self) -> bool:
        """Say whether it is longer than is taken."""
        return len(json.dumps(self.answers, ensure_ascii=False).encode()) > LONGEST

    def journey(self, today: date) -> Journey:
        """Return the pages of the answer, those that somebody with an account is shown."""
        return Journey(self._known(today))

    def document(self, today: date, *, rung: bool) -> str:
        """Return the answer that was written, as the gateway reads it."""
        made = answer_document(self.answers, self._known(today), rung=rung)
        return json.dumps(made, ensure_ascii=False)

    def _known(self, today: date) -> Circumstances:
        minimum = Minimum(
            goes=frozenset(texts(self.asked["goes"])),
            for_a_child=frozenset(texts(self.asked["for_a_child"])),
            with_a_reason=frozenset(texts(self.asked["with_a_reason"])),
        )
        return Circumstances(
            today=today,
            kind=Kind.ANSWER,
            minimums={ANSWER_PURPOSE: minimum},
            special_fields=frozenset(texts(self.asked["special"])),
        )


def _value(kept: object) -> Value:
    if isinstance(kept, str | int) or kept is None:
        return kept
    return list(texts(kept))


def _place(asker: Asker) -> Place:
    return Place(case=asker.page, field=_USE, version=asker.reader)
