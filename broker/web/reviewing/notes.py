"""What a Guardian has written of a decision so far: sealed, theirs alone, until they decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from broker.domain.concerns.drafts import REVIEW, Draft, DraftText
from broker.domain.grounds import INDEPENDENT
from broker.domain.json_values import is_array
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.guardian.answer import Answer
from broker.web.journeys.answers import Value
from broker.web.writing.drafts import value_of
from broker.wiring import Services

Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The notes of one Guardian about one disclosure: what was answered on each page."""

    services: Services
    guardian: Person
    reference: Reference
    draft: Draft | None

    @classmethod
    def of(cls, services: Services, guardian: Person, reference: Reference) -> "Notes":
        """Open the notes, which may be empty; raises `DraftRefusedError`."""
        row = services.concerns.drafts.of_form(guardian, _form(reference))
        draft = None if row is None else services.concerns.drafts.open(guardian, row.id)
        return cls(services=services, guardian=guardian, reference=reference, draft=draft)

    @property
    def base(self) -> str:
        """The address of the disclosure's pages."""
        return f"/reviews/{self.reference}"

    @property
    def version(self) -> int:
        """The version that stands there, 0 before anything was kept."""
        return 0 if self.draft is None else self.draft.row.version

    @property
    def relation(self) -> str:
        """The Guardian's part in it as they said, empty where they were not asked yet."""
        return self.text("relation", "relation")

    @property
    def is_independent(self) -> bool:
        """Say whether they said that they have no part in it."""
        return self.relation == INDEPENDENT

    def answers(self, page: str) -> dict[str, Value]:
        """Return what was answered on a page."""
        if self.draft is None:
            return {}
        kept = self.draft.text.answers.get(page, {})
        return {name: value_of(value) for name, value in kept.items()}

    def text(self, page: str, question: str) -> str:
        """Return a text that was answered, empty without one."""
        value = self.answers(page).get(question)
        return value if isinstance(value, str) else ""

    def chosen(self, page: str, question: str) -> tuple[str, ...]:
        """Return the choices that were ticked."""
        value = self.answers(page).get(question)
        return tuple(value) if isinstance(value, list) else ()

    def typed(self, page: str) -> Posted | None:
        """Return what was typed on a page and could not be kept as an answer."""
        found = None if self.draft is None else self.draft.text.typed.get(page)
        if found is None:
            return None
        return {name: list(map(str, said)) for name, said in found.items() if is_array(said)}

    def keep(self, page: str, answers: Mapping[str, Value], *, seen: int) -> "Notes":
        """Keep the answers of a page in the place of version `seen`.

        Raises `DraftChangedError` where another window saved meanwhile.
        """
        before = DraftText() if self.draft is None else self.draft.text
        text = DraftText(
            answers={**before.answers, page: answers},
            typed={name: said for name, said in before.typed.items() if name != page},
        )
        return self._with(text, seen)

    def keep_typed(self, page: str, posted: Posted) -> None:
        """Keep what was typed on a page, faults and all; nobody loses a word by a fault."""
        if self.draft is not None:
            typed = {name: [*values] for name, values in posted.items()}
            self.services.concerns.drafts.keep_typed(self.guardian, self.draft.row.id, page, typed)

    def forget(self) -> None:
        """Forget all but their part in it, once they have decided or looked back."""
        if self.draft is not None:
            kept = {"relation": self.answers("relation")}
            self._with(DraftText(answers=kept), self.draft.row.version)

    def answer(self, seen: str | None = None) -> Answer:
        """Return the decision that the notes make together."""
        verdict = self.text("decide", "verdict")
        weighed = self.answers("public-interest")
        return Answer(
            verdict=verdict,
            reason=self.text("reasons", "reason"),
            relation=self.relation,
            principles=principles_of(self.chosen("reasons", "principles")),
            left_out=self.chosen("leave-out", "fields") if verdict == "approve-reduced" else (),
            public_interest={
                part: words for part, words in weighed.items() if isinstance(words, str)
            }
            if verdict != "refuse"
            else {},
            seen=seen,
        )

    def _with(self, text: DraftText, seen: int) -> "Notes":
        form = _form(self.reference)
        if self.draft is None:
            draft = self.services.concerns.drafts.begin(self.guardian, form, text)
        else:
            draft = self.services.concerns.drafts.save(
                self.guardian, self.draft.row.id, seen=seen, form=form, text=text
            )
        return Notes(
            services=self.services,
            guardian=self.guardian,
            reference=self.reference,
            draft=draft,
        )


def principles_of(chosen: Sequence[str]) -> frozenset[int]:
    """Return the numbers of principles that were ticked."""
    return frozenset(int(one) for one in chosen if one.isdecimal())


def _form(reference: Reference) -> str:
    return f"{REVIEW}/1/{reference}"
