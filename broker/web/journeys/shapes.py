"""What a page of a journey is made of: plain values that say what is asked, in which words.

A text may hold placeholders such as `{lead}`; `Words` of the circumstances fill them in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from broker.web.journeys.answers import Answered

Condition = Callable[[Answered], bool]
"""Says of the answers so far whether something shows, or must be answered."""


def always(_: Answered) -> bool:
    """Say yes."""
    return True


def never(_: Answered) -> bool:
    """Say no."""
    return False


def as_typed(text: str) -> str:
    """Return what somebody typed as it stands in a page's words, where braces are placeholders."""
    return text.replace("{", "{{").replace("}", "}}")


LINE_LIMIT = 500
TEXT_LIMIT = 20_000
REASON_LIMIT = 4_000


class Kind(StrEnum):
    """How a question is answered."""

    RADIOS = "radios"
    CHECKBOXES = "checkboxes"
    LINE = "line"
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    TIME = "time"
    FILE = "file"


class Days(StrEnum):
    """Which days a date may name, seen from today in London."""

    ANY = "any"
    TO_TODAY = "to today"
    FROM_TODAY = "from today"


class Listed(StrEnum):
    """Choices that are not the same for everybody; they stand before a question's own."""

    NOTHING = ""
    USUAL_CONTACTS = "usual contacts"
    OTHER_CONTACTS = "other contacts"
    MORE_FIELDS = "more fields"
    EVERY_FIELD = "every field"


class Section(StrEnum):
    """The parts of the task list; what comes before it has none."""

    BEFORE = ""
    NOTICE = "Notice"
    PERSON = "The person"
    ASK = "Ask"
    CHECK = "Check"
    SHARE = "Share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer that can be chosen: what is kept, and what people read.

    `leads_to` names the page that follows instead of the next one; `then` is what the next page
    says first.
    """

    code: str
    label: str
    hint: str = ""
    heading: str = ""  # a line above it, between the options
    leads_to: str = ""
    then: str = ""
    when: Condition = always


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that a page asks.

    `label` is empty where the page's title asks. `fields` and `facts` name what comes of the
    answer, in the words of the form and of the contract. `missing` is said where it must be
    answered and was not. `limit` counts characters of a text, and the most of a number.
    """

    id: str
    kind: Kind
    label: str = ""
    hint: str = ""
    options: tuple[Option, ...] = ()
    listed: Listed = Listed.NOTHING
    fields: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    must: Condition = never
    missing: str = ""
    limit: int = 0
    days: Days = Days.ANY
    not_before_birth: bool = False
    prefilled: str = ""
    when: Condition = always


@dataclass(frozen=True, slots=True, kw_only=True)
class Inset:
    """A sentence that a page sets apart."""

    text: str
    when: Condition = always


NEXT = "next"
"""What a link leads to that goes on to the page that follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Another way on: `to` is a page of the draft, or a path of the site, with its first /.

    `NEXT` stands for the page that follows. A page with a `button` has no other way on but its
    links.
    """

    text: str
    to: str
    button: bool = False
    when: Condition = always


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Text that opens where somebody asks for it: paragraphs, then headings with their lists."""

    summary: str
    paragraphs: tuple[str, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with an answer: the question, the part of it (day, month, year), in words."""

    question: str
    message: str
    part: str = ""


Check = Callable[[Answered], tuple[Problem, ...]]
"""Looks at the answers of a page together, once each of them could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: its title is its only heading. A page without questions only says something.

    `when` says whether it applies; `on_the_way` is false for what is reached by a link or a choice
    alone, and `after` then names the page that it follows. `go_on` is the word on the button.
    The first of `titles` whose condition holds stands in the place of `title`.
    """

    id: str
    title: str
    titles: tuple[Inset, ...] = ()
    section: Section = Section.BEFORE
    lead_in: str = ""
    questions: tuple[Question, ...] = ()
    insets: tuple[Inset, ...] = ()
    details: Details | None = None
    links: tuple[Link, ...] = ()
    paragraphs: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    when: Condition = always
    on_the_way: bool = True
    after: str = ""
    go_on: str = "Continue"
