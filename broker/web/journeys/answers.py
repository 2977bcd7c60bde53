"""What was answered so far, and what the gateway knows beside it: read by pages, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from broker.domain.people.ages import Sure, under

Value = str | int | list[str] | None
"""One answer as kept: text, a chosen code, several codes, an ISO day, a number."""

Answers = Mapping[str, Mapping[str, Value]]
"""Answers by page and question, JSON: `{"seen": {"story": "...", "first": "2026-03-10"}}`."""


class Kind(StrEnum):
    """Which journey somebody is on."""

    REFERRAL = "referral"
    EMERGENCY = "emergency"
    OTHER = "other"
    COLLEAGUE = "colleague"
    REQUEST = "request"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A mailbox that can be chosen: where it is, what it is for, when its number was checked.

    `own` says that it is of the body of whoever writes; `takes_originals` that files may go there
    as they were sent.
    """

    mailbox: str
    title: str
    body: str
    kind: str
    function: str
    telephone: str = ""
    checked_on: date | None = None
    sharing_duty_body: bool = False
    own: bool = False
    takes_originals: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """The fields of the form that go for a purpose, and those that go with a reason."""

    goes: frozenset[str]
    for_a_child: frozenset[str]
    with_a_reason: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySetter:
    """Somebody who may set by when a request is answered, in which function, and how written."""

    person: str
    function: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the gateway knows of a journey beside its answers.

    `today` is the day in London. `referrer` is how the account's owner is written on a form.
    `contacts` are the pathway's, in its order, then those that were looked up; the first is whom
    a page means before one was chosen. `usual` counts the pathway's. `check_purposes` are those
    for which the body wants its lead asked, and `lead_answers_here` says whether they can be
    asked here. Once somebody was, `check_status` is what the record says of it in the word of the
    contract, `check_reason` why it cannot wait, and `lead_answered` what was answered; before,
    all are empty. `completes_here` says whether whoever writes also shares it. `earlier` counts
    the body's earlier concerns about the same person. `minimums` holds the fields by purpose,
    `special_fields` those of the special classes. `day_setters` may set by when a request is
    answered, for which `proposed_day` is proposed.
    """

    today: date
    kind: Kind = Kind.REFERRAL
    role: str = "practitioner"
    referrer: str = ""
    lead: str = "your lead"
    lead_telephone: str = "the number that your organisation gives"
    lead_answers_here: bool = False
    lead_answered: str = ""
    check_status: str = ""
    check_reason: str = ""
    completes_here: bool = True
    guardian: str = "your Guardian"
    police_advice: str = "101"
    check_purposes: frozenset[str] = frozenset({"referral"})
    contacts: tuple[Contact, ...] = ()
    usual: int = 0
    earlier: int = 0
    earlier_read_by_lead: bool = False
    sharing_duty_in_force: bool = False
    sharing_duty_body: bool = False
    minimums: Mapping[str, Minimum] = field(default_factory=dict[str, Minimum])
    special_fields: frozenset[str] = frozenset()
    day_setters: tuple[DaySetter, ...] = ()
    proposed_day: date | None = None


class Answered:
    """The answers of a journey with its circumstances.

    Every answer counts here, also of a page that applies no more; `walk.way` leaves those out.
    """

    def __init__(self, answers: Answers, circumstances: Circumstances) -> None:
        """Read `answers`, which nobody changes meanwhile."""
        self.answers = answers
        self.circumstances = circumstances

    def value(self, page: str, question: str) -> Value:
        """Return an answer, None where nothing was answered."""
        return self.answers.get(page, {}).get(question)

    def text(self, page: str, question: str) -> str:
        """Return a text, a code or a day; empty where there is none."""
        value = self.value(page, question)
        return value if isinstance(value, str) else ""

    def codes(self, page: str, question: str) -> tuple[str, ...]:
        """Return the codes that were chosen together."""
        value = self.value(page, question)
        return tuple(value) if isinstance(value, list) else ()

    def number(self, page: str, question: str) -> int | None:
        """Return a whole number, None where there is none."""
        value = self.value(page, question)
        return value if isinstance(value, int) else None

    def day(self, page: str, question: str) -> date | None:
        """Return a day, None where there is none."""
        text = self.text(page, question)
        return date.fromisoformat(text) if text else None

    def is_answered(self, page: str) -> bool:
        """Say whether a page was sent, whatever it held."""
        return page in self.answers

    def under(self, line: int) -> Sure:
        """Say whether the person is under an age today; a birthday counts before a guess."""
        youngest, oldest = self.number("age", "from"), self.number("age", "to")
        ages = None if youngest is None or oldest is None else (youngest, oldest)
        return under(line, self.circumstances.today, self.day("age", "dob"), ages)

    @property
    def recipient(self) -> Contact | None:
        """The mailbox that was chosen, None before."""
        chosen = self.text("ask", "recipient")
        if chosen == "other":
            chosen = self.text("other-recipient", "mailbox")
        contacts = self.circumstances.contacts
        return next((contact for contact in contacts if contact.mailbox == chosen), None)

    @property
    def expected_recipient(self) -> Contact | None:
        """The mailbox that is meant before one was chosen: the first of the pathway."""
        return next(iter(self.circumstances.contacts), None)

    @property
    def front_door(self) -> Contact | None:
        """Social care's mailbox of the pathway for somebody of this age, None where it names none.

        Who may be a child is a child.
        """
        usual = self.circumstances.contacts[: self.circumstances.usual]
        wanted = FRONT_DOORS_OF_ADULTS if self.under(18) is Sure.NO else FRONT_DOORS_OF_CHILDREN
        fit = sorted(
            (contact for contact in usual if contact.function in wanted and not contact.own),
            key=lambda contact: wanted.index(contact.function),
        )
        return next(iter(fit), None)

    @property
    def purpose(self) -> str:
        """What the sharing is for, in the word of the contract."""
        kind = self.circumstances.kind
        match kind:
            case Kind.EMERGENCY | Kind.REQUEST | Kind.ANSWER | Kind.COLLEAGUE:
                return _PURPOSES[kind]
            case Kind.OTHER:
                chosen = self.text("purpose", "purpose")
                return self.text("purpose-else", "purpose") if chosen == "else" else chosen
            case Kind.REFERRAL if self.text("ask", "recipient") == "other":
                return self.text("other-recipient", "purpose") or "referral"
            case Kind.REFERRAL:
                return purpose_of(self.recipient)


_PURPOSES = {
    Kind.EMERGENCY: "emergency",
    Kind.REQUEST: "partner-request",
    Kind.ANSWER: "partner-response",
    Kind.COLLEAGUE: "staff-process",
}


def purpose_of(recipient: Contact | None) -> str:
    """Return what a worry is sent to a recipient for: to the Prevent team, unless it is care."""
    is_care = recipient is not None and recipient.function in SOCIAL_CARE
    return "other-safeguarding" if is_care else "referral"


SOCIAL_CARE = frozenset(
    {"front-door-children", "front-door-adults", "early-help", "safeguarding-inbox"}
)
"""The functions that help a person by social care or Early Help."""


FRONT_DOORS_OF_CHILDREN = ("front-door-children", "safeguarding-inbox", "early-help")
FRONT_DOORS_OF_ADULTS = ("front-door-adults", "safeguarding-inbox", "early-help")
"""Whom social care is told through, the best first."""
