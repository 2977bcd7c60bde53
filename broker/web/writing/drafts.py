"""A draft as the pages use it: opened for whoever looks, with the journey that it is on."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from broker.domain.concerns.concerns import OpenConcern
from broker.domain.concerns.drafts import Draft, DraftId, DraftText, UnknownDraftError
from broker.domain.json_values import is_array
from broker.domain.model import Person
from broker.web.errors import FilesTooLargeError
from broker.web.journeys.answers import Answers, Value
from broker.web.journeys.answers import Kind as JourneyKind
from broker.web.journeys.journey import Journey
from broker.web.writing.circumstances import circumstances_of
from broker.wiring import Services

FORMS: Mapping[JourneyKind, str] = {kind: f"{kind}/1" for kind in JourneyKind}
"""The version of the pages that a draft is typed on, by journey."""

CONTENT = "content"
"""Under what name a page for a file keeps what is in the file, beside its answers."""

MOST_BYTES_OF_FILES = 12_000_000
"""The most bytes of all files of one draft."""

Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDraft:
    """A draft that somebody has open: its answers, what was typed, and its journey.

    `asked` is what it became once somebody was asked to check it.
    """

    services: Services
    person: Person
    draft: Draft
    journey: Journey
    asked: OpenConcern | None = None

    @classmethod
    def of(cls, services: Services, person: Person, name: str) -> "OpenDraft":
        """Open a draft; raises `UnknownDraftError`, `DraftRefusedError`."""
        draft, asked = services.concerns.asking.open(person, DraftId(name))
        if draft.row.journey not in set(JourneyKind):
            raise UnknownDraftError
        kind = JourneyKind(draft.row.journey)
        known = circumstances_of(services, person, kind, owner=draft.row.owner, asked=asked)
        journey = Journey(known)
        return cls(services=services, person=person, draft=draft, journey=journey, asked=asked)

    @property
    def base(self) -> str:
        """The address of the draft."""
        return f"/r/{self.draft.row.id}"

    @property
    def answers(self) -> Answers:
        """What was answered, by page."""
        return answers_in(self.draft.text)

    def typed(self, page: str) -> Posted | None:
        """Return what was typed on a page and could not be kept as an answer."""
        found = self.draft.text.typed.get(page)
        if found is None:
            return None
        return {name: _texts(values) for name, values in found.items()}

    def keep(self, page: str, answers: Mapping[str, Value], *, seen: int) -> "OpenDraft":
        """Keep the answers of a page in the place of version `seen`.

        Raises `DraftChangedError` where another window saved meanwhile, `FilesTooLargeError`.
        """
        text = DraftText(
            answers={**self.draft.text.answers, page: answers},
            typed={name: said for name, said in self.draft.text.typed.items() if name != page},
        )
        if sum(len(file) for file in files_in(text).values()) > MOST_BYTES_OF_FILES:
            raise FilesTooLargeError
        kept = self.services.concerns.drafts.save(
            self.person,
            self.draft.row.id,
            seen=seen,
            form=self.draft.row.form,
            text=text,
        )
        return replace(self, draft=kept)

    def keep_typed(self, page: str, posted: Posted) -> None:
        """Keep what was typed on a page, faults and all; nobody loses a word by a fault."""
        self.services.concerns.drafts.keep_typed(
            self.person,
            self.draft.row.id,
            page,
            {name: [*values] for name, values in posted.items()},
        )

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the draft, by the names they came with."""
        return files_in(self.draft.text)


def begin(
    services: Services,
    person: Person,
    kind: JourneyKind,
    page: str,
    answers: Mapping[str, Value],
) -> str:
    """Keep a new draft with the answers of its first page, and return its address."""
    text = DraftText(answers={page: answers})
    draft = services.concerns.drafts.begin(person, FORMS[kind], text)
    return f"/r/{draft.row.id}"


def answers_in(text: DraftText) -> Answers:
    """Return what was answered in a draft, by page."""
    return {
        page: {name: value_of(value) for name, value in said.items()}
        for page, said in text.answers.items()
    }


def files_in(text: DraftText) -> dict[str, bytes]:
    """Return the files that a draft keeps, by name."""
    return {
        str(said["file"]): content_of(said)
        for said in text.answers.values()
        if said.get("file") and said.get(CONTENT)
    }


def as_content(file: bytes) -> str:
    """Return a file as a draft keeps it."""
    return base64.b64encode(file).decode("ascii")


def content_of(said: Mapping[str, object]) -> bytes:
    """Return the file that the answers of a page keep."""
    return base64.b64decode(str(said[CONTENT]))


def _texts(value: object) -> list[str]:
    return [str(one) for one in value] if is_array(value) else []


def value_of(value: object) -> Value:
    """Return an answer as it was kept, with the types that it had."""
    if is_array(value):
        return [str(one) for one in value]
    return value if isinstance(value, str | int) or value is None else str(value)
