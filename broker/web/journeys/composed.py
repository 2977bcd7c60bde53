"""What answers make of the form: texts as typed, and those that we put together; pure.

A text goes by itself only for a purpose whose list holds its field; somebody can add it on `more`.
"""

from collections.abc import Iterator, Mapping

from broker.domain.concerns import whom
from broker.domain.form import FORM
from broker.domain.people.ages import Sure
from broker.domain.times import spelled_day
from broker.web.journeys import conditions as when
from broker.web.journeys.answers import Answered, Kind
from broker.web.journeys.field_lists import goes

TYPED: Mapping[str, whom.Home] = {
    **whom.TYPED,
    "individual.gender": ("who", "gender"),
    "family.parents": ("family", "parents"),
    whom.STORY: whom.STORY_HOME,
    "concerns.how_noticed": ("source", "how"),
    "concerns.event": ("seen", "event"),
    "concerns.threats": ("words", "words"),
    "education.place": ("where", "place"),
    "checks.action": ("done", "action"),
    "checks.parallel": ("done", "parallel"),
}
"""Fields that hold an answer as it was typed: the page and the question."""

TYPED_IN_DANGER: Mapping[str, whom.Home] = {
    **whom.TYPED_IN_DANGER,
    "concerns.event": ("now-what", "event"),
    "concerns.threats": ("now-what", "words"),
    "concerns.weapons_or_skills": ("now-what", "weapons"),
    "concerns.travel": ("now-what", "going"),
}
"""The same on the five pages of an emergency."""

_SOURCES = {
    "first-hand": "Seen and heard by the referrer; first on {day}.",
    "reported": "Told to the referrer by somebody who saw or heard it; first on {day}.",
    "hearsay": "Told to the referrer by somebody who did not see or hear it; first on {day}.",
    "unknown": "It is not known where this comes from; first on {day}.",
}
_PART_OF_IT = {"no": "No.", "yes": "Yes.", "unknown": "Not known."}
_ABOUT_THE_CALL = {
    "rung": "999 was rung{at}",
    "colleague": "A colleague rang 999{at}",
    "could-not": "999 could not be rung",
}


def form_of(answered: Answered) -> dict[str, str]:
    """Return the fields of the form that have a text, in the order of the form.

    What was added field by field, and what was worded anew, stands in the place of the rest; a
    wording that was emptied takes its field out.
    """
    texts = {**composed(answered), **_added(answered, "field"), **_added(answered, "wording")}
    return {field.id: texts[field.id] for field in FORM if texts.get(field.id)}


def composed(answered: Answered) -> dict[str, str]:
    """Return the fields that the pages fill, as they stand before anybody changes a wording."""
    if answered.circumstances.kind is Kind.EMERGENCY:
        typed = _typed(answered, TYPED_IN_DANGER)
        return {**typed, "checks.emergency": about_the_call(answered)}
    texts = {**_typed(answered, TYPED), **dict(_put_together(answered))}
    return {field: text for field, text in texts.items() if goes(field, answered)}


def about_the_call(answered: Answered) -> str:
    """Return a sentence about the call to 999."""
    at, number = answered.text("now-call", "at"), answered.text("now-call", "number")
    said = answered.text("now-call", "said")
    call = _ABOUT_THE_CALL.get(answered.text("now-call", "rung"), "")
    sentence = call.format(at=f" at {at}" if at else "")
    if not sentence:
        return ""
    sentence += f"; incident {number}." if number else "."
    return f"{sentence} Said: {said}" if said else sentence


def approximate_age(answered: Answered) -> str:
    """Return an age in words where no birthday is known, such as "About 14"."""
    youngest, oldest = answered.number("age", "from"), answered.number("age", "to")
    if youngest is None or oldest is None or answered.text("age", "dob"):
        return ""
    return f"About {youngest}" if youngest == oldest else f"{youngest} to {oldest}"


def _typed(answered: Answered, homes: Mapping[str, whom.Home]) -> dict[str, str]:
    return {field: answered.text(*home) for field, home in homes.items()}


def _added(answered: Answered, kind: str) -> dict[str, str]:
    pages = (page.partition("/") for page in answered.answers)
    return {
        field: answered.text(f"{kind}/{field}", "text")
        for name, _, field in pages
        if name == kind and field
    }


def _put_together(answered: Answered) -> Iterator[tuple[str, str]]:
    yield "individual.approximate_age", approximate_age(answered)
    yield "referrer.person", answered.circumstances.referrer
    yield from _of_the_concern(answered)
    yield from _of_the_family(answered)
    yield from _of_telling(answered)
    yield "capacity.finding", _finding(answered)
    yield "checks.discussed", _discussed(answered)


def _of_the_concern(answered: Answered) -> Iterator[tuple[str, str]]:
    source, first = answered.text("source", "source"), answered.day("seen", "first")
    if source and first:
        yield "concerns.source", _SOURCES[source].format(day=spelled_day(first))
    first_hand = source == "first-hand"
    who = "The referrer" if first_hand else answered.text("told-by", "who")
    yield "noticed_by.person", who
    yield "noticed_by.anonymous", "" if first_hand else answered.text("told-by", "anonymous")
    told_on = "" if first_hand else answered.text("told-by", "told_on")
    yield "dates.noticed", told_on or answered.text("seen", "first")


def _of_the_family(answered: Answered) -> Iterator[tuple[str, str]]:
    part = answered.text("family", "implicated")
    if part and when.child(answered):
        who = "" if part == "no" else answered.text("family-part", "who")
        yield "family.implicated", f"{_PART_OF_IT[part]} {who}".strip()


def _of_telling(answered: Answered) -> Iterator[tuple[str, str]]:
    told = answered.text("told", "told")
    if told:
        yield "consent.told", answered.text("told", "how") if told == "yes" else "Not told yet."
    said = answered.text("agree", "said")
    not_asked = answered.text("agree", "answer") in when.NOT_SOUGHT
    yield "consent.agreements", f"Not asked for: {said}" if not_asked and said else said
    why_not_told = "" if told == "yes" else answered.text("not-told", "why")
    why_not_asked = said if not_asked else ""
    yield "consent.reason", " ".join(filter(None, (why_not_told, why_not_asked)))


def _finding(answered: Answered) -> str:
    if answered.under(16) is Sure.YES:
        return ""
    if answered.text("able", "capacity") == "presumed":
        return "No reason to doubt capacity."
    return answered.text("capacity", "finding")


def _discussed(answered: Answered) -> str:
    if answered.circumstances.check_status:
        return answered.circumstances.lead_answered
    match answered.text("lead", "lead"):
        case "talked" | "lead":
            return answered.text("lead", "said")
        case _:
            return "" if when.lead_is_asked(answered) else answered.text("lead", "said")
