"""What stands on `check` and on `try`: the outcome, what they read, what stays, what is yours.

Plain values from answers and a judgement; what is shown is what was judged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from broker.disclosures.what_goes import WhatGoes
from broker.domain.form import FORM, as_read, label_of
from broker.domain.judgement import Judgement
from broker.domain.times import spelled_day
from broker.web.journeys.answers import Answered, Answers, Circumstances, Kind
from broker.web.journeys.field_lists import goes, needs_a_reason
from broker.web.journeys.outcome_words import (
    Named,
    OutcomeWords,
    Owed,
    before_sending,
    owed_of,
    waits_for_the_lead,
)
from broker.web.journeys.pack import PackDraft
from broker.web.journeys.shapes import Kind as Shape
from broker.web.journeys.shapes import Page, Question
from broker.web.journeys.tasks import still_to_answer
from broker.web.journeys.walk import pages_of

_GOES: Final = "It goes along."
_STAYS: Final = "It stays with you: not all that you say is in it goes."
_NOTHING_YET: Final = "Nothing goes yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A field that they will read: its label, its text, and the page that changes it."""

    field: str
    label: str
    text: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """A field that stays with the sender, why, and the page that could change it, if any could."""

    field: str
    label: str
    why: str
    add_a_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTold:
    """What becomes of a file, in words, and the page that changes it."""

    name: str
    becomes: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer that nobody outside reads: what was asked and answered, and where to change it."""

    asked: str
    answer: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage:
    """Everything that stands on `check`, in its order, for one pack.

    `to_choose` is the page where somebody says who gets it, nothing once they did; `written` is
    all that was written for them, where they would read none of it as it stands.
    """

    outcome: OutcomeWords
    to_choose: str
    recipient: str
    they_read: tuple[Told, ...]
    written: tuple[Told, ...]
    files: tuple[FileTold, ...]
    stays: tuple[Stays, ...]
    nobody_outside_reads: tuple[Said, ...]
    afterwards: tuple[Owed, ...]
    can_still_add: tuple[Page, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TryPage:
    """What stands on `try`: "If you sent it now", and what is still to answer.

    `to_choose` is as on `check`.
    """

    outcome: OutcomeWords
    to_choose: str
    still_to_answer: tuple[Page, ...]
    files: tuple[FileTold, ...]
    stays: tuple[Stays, ...]
    afterwards: tuple[Owed, ...]


def check_page(
    answers: Answers,
    known: Circumstances,
    pack: PackDraft,
    judgement: Judgement,
    *,
    evening: bool = False,
) -> CheckPage:
    """Return what `check` shows of one pack and its judgement."""
    answered = Answered(answers, known)
    written = tuple(_written(answered, pack))
    released = set(judgement.decision.release)
    they_read = tuple(told for told in written if told.field in released)
    return CheckPage(
        outcome=_outcome(answered, pack, judgement),
        to_choose=_to_choose(answered, pack),
        recipient=_title(pack),
        they_read=they_read,
        written=() if they_read else written,
        files=tuple(_files(answered, judgement)),
        stays=tuple(_stays(answered, judgement)),
        nobody_outside_reads=tuple(_answers_kept(answered)),
        afterwards=owed_of(judgement, evening=evening),
        can_still_add=tuple(
            page for page in pages_of(answered) if page.questions and _has_room(page, answered)
        ),
    )


def _written(answered: Answered, pack: PackDraft) -> Iterator[Told]:
    for field in FORM:
        if field.id in pack.form:
            yield Told(
                field=field.id,
                label=field.label,
                text=as_read(field.id, pack.form[field.id]),
                change=page_of_field(field.id, answered),
            )


def try_page(
    answers: Answers,
    known: Circumstances,
    pack: PackDraft,
    judgement: Judgement,
    *,
    evening: bool = False,
) -> TryPage:
    """Return what `try` shows; what was not answered counted as unknown, empty or no."""
    answered = Answered(answers, known)
    return TryPage(
        outcome=_outcome(answered, pack, judgement),
        to_choose=_to_choose(answered, pack),
        still_to_answer=still_to_answer(answered),
        files=tuple(_files(answered, judgement)),
        stays=tuple(_stays(answered, judgement)),
        afterwards=owed_of(judgement, evening=evening),
    )


def named(known: Circumstances, pack: PackDraft) -> Named:
    """Return whom the words of an outcome name."""
    return Named(recipient=_title(pack), lead=known.lead, lead_telephone=known.lead_telephone)


def _outcome(answered: Answered, pack: PackDraft, judgement: Judgement) -> OutcomeWords:
    known = answered.circumstances
    whom = named(known, pack)
    is_asked = known.check_status == "not-asked"
    waiting = waits_for_the_lead(judgement, whom) if is_asked else None
    return waiting or before_sending(judgement, whom)


def page_of_field(field: str, answered: Answered) -> str:
    """Return the page that changes a field: its own, or that of its wording."""
    added = f"field/{field}"
    if answered.is_answered(added):
        return added
    homes = [
        (page.id, question)
        for page in pages_of(answered)
        for question in page.questions
        if field in question.fields
    ]
    typed = [name for name, question in homes if _is_the_text(question, field, answered)]
    return next(iter(typed), f"wording/{field}")


def page_of_place(place: str, answered: Answered) -> str:
    """Return the page that answers a place of the pack in which intake found a fault.

    `place` is spelt as faults are, such as `questions.told.reason` or `form.individual.name`.
    """
    part, _, rest = place.partition(".")
    if part == "form":
        return page_of_field(rest, answered)
    if part.startswith("attachments"):
        return "file/1"
    for page in pages_of(answered):
        if any(rest in question.facts for question in page.questions):
            return page.id
    return "check"


def _is_the_text(question: Question, field: str, answered: Answered) -> bool:
    """Say whether a question holds the text of a field as it goes."""
    if answered.circumstances.kind is Kind.EMERGENCY:
        return field != "checks.emergency"
    alone = question.fields == (field,) or question.kind is Shape.DATE
    return alone and question.kind in {Shape.LINE, Shape.TEXT, Shape.DATE}


def _to_choose(answered: Answered, pack: PackDraft) -> str:
    return "" if pack.recipient else page_of_place("questions.recipient", answered)


def _title(pack: PackDraft) -> str:
    return pack.recipient.title if pack.recipient else "the team that you choose"


def _files(answered: Answered, judgement: Judgement) -> Iterator[FileTold]:
    what = WhatGoes.of(judgement.document(), judgement.asked.pack)
    pages = {answered.text(page, "file"): page for page in answered.answers}
    nothing_goes = not judgement.decision.release
    for note in judgement.asked.pack.attachments:
        becomes = _GOES if note.name in what.files_go else _STAYS
        yield FileTold(
            name=note.name,
            becomes=_NOTHING_YET if nothing_goes else becomes,
            change=pages[note.name],
        )


def _stays(answered: Answered, judgement: Judgement) -> Iterator[Stays]:
    for field in judgement.decision.withheld:
        label = label_of(field)
        if needs_a_reason(field, answered):
            has_reason = bool(answered.text(f"field/{field}", "why"))
            why = "Your Guardian decides." if has_reason else "They need a reason for it."
            page = "" if has_reason else f"field/{field}"
            yield Stays(field=field, label=label, why=why, add_a_reason=page)
        elif goes(field, answered):
            yield Stays(field=field, label=label, why=_NOTHING_YET)
        else:
            yield Stays(field=field, label=label, why="They do not get this for this purpose.")


def _answers_kept(answered: Answered) -> Iterator[Said]:
    for page in pages_of(answered):
        for question in page.questions:
            words = in_plain_words(question, page, answered)
            if question.facts and not question.fields and words:
                yield Said(asked=question.label or page.title, answer=words, change=page.id)


def in_plain_words(question: Question, page: Page, answered: Answered) -> str:
    """Return an answer as people read it: labels for codes, a day in words."""
    labels = {option.code: option.label for option in question.options}
    if question.kind is Shape.CHECKBOXES:
        codes = answered.codes(page.id, question.id)
        return "; ".join(labels.get(code, code) for code in codes)
    if question.kind is Shape.DATE:
        day = answered.day(page.id, question.id)
        return "" if day is None else spelled_day(day)
    if question.kind is Shape.NUMBER:
        number = answered.number(page.id, question.id)
        return "" if number is None else f"{number:,}"
    said = answered.text(page.id, question.id)
    return labels.get(said, said)


def _has_room(page: Page, answered: Answered) -> bool:
    """Say whether a page that was sent still has an empty question that nobody must answer."""
    return answered.is_answered(page.id) and any(
        answered.value(page.id, question.id) is None and not question.must(answered)
        for question in page.questions
        if question.kind in {Shape.LINE, Shape.TEXT, Shape.DATE}
    )
