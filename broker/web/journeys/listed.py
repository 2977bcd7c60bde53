"""Choices that are not the same for everybody: mailboxes, and fields of the form."""

from collections.abc import Iterable, Iterator

from broker.domain.form import FORM, label_of
from broker.domain.times import spelled_day
from broker.web.journeys.answers import Answered, Contact
from broker.web.journeys.field_lists import goes, needs_a_reason
from broker.web.journeys.order import ORDER
from broker.web.journeys.pages.sharing import A_FILE, NOTHING_ELSE
from broker.web.journeys.shapes import Listed, Option, Question

OF_THE_ACCOUNT = frozenset({"referrer.person"})
"""Fields that nobody is asked for, since the account says them."""

OF_AN_ADULTS_FAMILY = {"family.implicated": "Someone in the family is part of it"}
"""What a field is called among the choices where its own label would not fit."""


def listed_options(question: Question, answered: Answered) -> tuple[Option, ...]:
    """Return the options of a question, what is listed for these answers first."""
    match question.listed:
        case Listed.NOTHING:
            return question.options
        case Listed.USUAL_CONTACTS:
            usual = answered.circumstances.contacts[: answered.circumstances.usual]
            return (*map(_contact, usual), *question.options)
        case Listed.OTHER_CONTACTS:
            return tuple(
                map(_contact, answered.circumstances.contacts[answered.circumstances.usual :])
            )
        case Listed.MORE_FIELDS:
            return tuple(_more(answered))
        case Listed.EVERY_FIELD:
            return tuple(Option(code=field.id, label=field.label) for field in FORM)


def fields_asked(answered: Answered) -> frozenset[str]:
    """Return the fields that go for this purpose and have a page which applies."""
    return frozenset(
        field
        for page in ORDER
        if page.when(answered)
        for question in page.questions
        if question.when(answered)
        for field in question.fields
        if goes(field, answered)
    )


def _contact(contact: Contact) -> Option:
    day = contact.checked_on
    hint = "" if day is None else f"address checked on {spelled_day(day)}"
    return Option(code=contact.mailbox, label=f"{contact.title}, {contact.body}", hint=hint)


def _more(answered: Answered) -> Iterator[Option]:
    elsewhere = fields_asked(answered) | OF_THE_ACCOUNT
    left = [field for field in FORM if field.id not in elsewhere]
    usual = [field.id for field in left if goes(field.id, answered)]
    reasoned = [field.id for field in left if needs_a_reason(field.id, answered)]
    others = [field.id for field in left if field.id not in {*usual, *reasoned}]
    yield from _fields(usual, "")
    yield from _fields(reasoned, "These need a reason:")
    yield Option(code=A_FILE, label="A file")
    yield from _fields(others, "They do not get this:")
    yield Option(code=NOTHING_ELSE, label="Nothing else", heading="Or")


def _fields(names: Iterable[str], heading: str) -> Iterator[Option]:
    for number, name in enumerate(names):
        label = OF_AN_ADULTS_FAMILY.get(name) or label_of(name)
        yield Option(code=name, label=label, heading="" if number else heading)
