"""Law with its days: in force, off until somebody says so, and looked at lately."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources.abc import Traversable

import pytest

from policies import Outcome, Rulebook, as_of, decide, law_on
from policies.london import LONDON, london_transitions
from policies.reading.laws import Law, Reading
from policies.reading.rulebook import rule_files
from policies.tools.cases import changed

BEFORE, FIRST, AFTER = date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1)
COMMENCEMENT = b"""off-until-commencement = true

[children-act-16la.commencement]
day = "2026-09-30"
source = "Made-up Commencement Order 2026"
entered-by = "p-lawyer"
entered-on = "2026-08-01"
"""


def _with(folder: Traversable, name: str, old: bytes, new: bytes) -> Rulebook:
    files = {path: file.read_bytes() for path, file in rule_files(folder)}
    assert old in files[name]
    return Rulebook.parse(files | {name: files[name].replace(old, new)})


@pytest.fixture(name="commenced", scope="module")
def _commenced(folder: Traversable) -> Rulebook:
    """Return the rules in which a named person has entered that the duty to share began."""
    return _with(folder, "law.toml", b"off-until-commencement = true", COMMENCEMENT)


@pytest.fixture(name="silent_until", scope="module")
def _silent_until(folder: Traversable) -> Rulebook:
    """Return the rules in which R42 applies from 30 September to 1 October 2026."""
    days = b'first-day = "2026-09-30"\nlast-day = "2026-10-01"\n'
    return _with(folder, "rules/R42-enough-to-act.toml", b'rule = "R42"', days + b'rule = "R42"')


def _a_child(bases: Mapping[str, dict[str, object]]) -> dict[str, object]:
    return changed(bases["bound"], {"concern.observed_on": "2026-09-20"})


def test_the_duty_to_share_is_shipped_switched_off(rulebook: Rulebook) -> None:
    assert not rulebook.has_sharing_duty(date(2099, 1, 1))
    assert law_on(rulebook, AFTER).off == ("Children Act 2004 s16LA",)


def test_the_same_facts_get_the_right_answer_before_and_after_a_change_of_law(
    commenced: Rulebook, bases: dict[str, dict[str, object]]
) -> None:
    facts = _a_child(bases)

    outcomes = {
        day: decide(as_of(facts, day, commenced), commenced).outcome
        for day in (BEFORE, FIRST, AFTER)
    }

    assert outcomes == {BEFORE: Outcome.REFUSE, FIRST: Outcome.REFER, AFTER: Outcome.REFER}


def test_without_a_commencement_no_day_changes_the_answer(
    rulebook: Rulebook, bases: dict[str, dict[str, object]]
) -> None:
    facts = _a_child(bases)

    for day in (BEFORE, AFTER):
        assert decide(as_of(facts, day, rulebook), rulebook).outcome is Outcome.REFUSE


def test_facts_as_of_a_day_are_judged_at_its_noon_in_london(
    commenced: Rulebook, bases: dict[str, dict[str, object]]
) -> None:
    facts = as_of(bases["referral"], AFTER, commenced)

    assert facts["asked_at"] == "2026-10-01T12:00:00+01:00"
    assert facts["fields"] == bases["referral"]["fields"]


def test_what_is_no_facts_document_stays_one_that_cannot_be_judged(commenced: Rulebook) -> None:
    decision = decide(as_of({"legal": "none"}, AFTER, commenced), commenced)

    assert [str(finding.rule) for finding in decision.findings] == ["facts"]


def test_a_commencement_is_a_change_of_meaning(rulebook: Rulebook, commenced: Rulebook) -> None:
    assert commenced.meaning != rulebook.meaning
    assert Rulebook.from_bundle(commenced.bundle()) == commenced


@pytest.mark.parametrize(
    ("day", "status"),
    [
        pytest.param(BEFORE, "not-applicable", id="before its first day"),
        pytest.param(FIRST, "not-met", id="on its first day"),
        pytest.param(AFTER, "not-met", id="on its last day"),
        pytest.param(date(2026, 10, 2), "not-applicable", id="after its last day"),
    ],
)
def test_a_card_speaks_from_its_first_day_to_its_last(
    day: date, status: str, silent_until: Rulebook, bases: dict[str, dict[str, object]]
) -> None:
    facts = changed(bases["referral"], {"fields": ["dates.noticed"]})

    decision = decide(as_of(facts, day, silent_until), silent_until)

    (finding,) = [one for one in decision.findings if one.rule == "R42"]
    assert finding.status.value == status
    assert ("R42" in law_on(silent_until, day).silent_cards) == (status == "not-applicable")


def test_even_the_card_of_the_emergency_keeps_to_its_days(
    folder: Traversable, bases: dict[str, dict[str, object]]
) -> None:
    last = b'last-day = "2026-03-15"\nrule = "R01"'
    ended = _with(folder, "rules/R01-emergency.toml", b'rule = "R01"', last)

    assert decide(bases["danger"], ended).outcome is Outcome.REFUSE


def _a_law(*, read_on: date | None) -> Law:
    reading = None if read_on is None else Reading(edition="2026", by="somebody", on=read_on)
    return Law(
        citation="Made-up Act 2026",
        sentence="It is made up.",
        tag="unverified" if reading is None else "verified",
        read_in="It.",
        reading=reading,
        extent="England",
        in_force_from=FIRST,
        in_force_to=AFTER,
        off_until_commencement=False,
        commencement=None,
    )


@pytest.mark.parametrize(
    ("read_on", "day", "is_stale"),
    [
        pytest.param(date(2026, 3, 16), date(2027, 3, 16), False, id="a year to the day"),
        pytest.param(date(2026, 3, 16), date(2027, 3, 17), True, id="a day more"),
        pytest.param(date(2028, 2, 29), date(2029, 2, 28), False, id="from a leap day"),
        pytest.param(date(2028, 2, 29), date(2029, 3, 1), True, id="after a leap day"),
        pytest.param(None, date(2099, 1, 1), False, id="read by nobody"),
    ],
)
def test_what_nobody_looked_at_for_12_months_is_stale(
    read_on: date | None, day: date, *, is_stale: bool
) -> None:
    assert _a_law(read_on=read_on).is_stale(day) is is_stale


@pytest.mark.parametrize(
    ("day", "in_force"),
    [(BEFORE, False), (FIRST, True), (AFTER, True), (date(2026, 10, 2), False)],
    ids=["before", "first", "last", "after"],
)
def test_law_is_in_force_from_its_first_day_to_its_last(day: date, *, in_force: bool) -> None:
    assert _a_law(read_on=FIRST).is_in_force(day) is in_force


def test_a_day_shows_what_is_not_yet_ended_stale_and_unread(commenced: Rulebook) -> None:
    early, late = law_on(commenced, date(2020, 1, 1)), law_on(commenced, date(2028, 1, 1))

    assert "Children Act 2004 s16LA" in early.not_yet
    assert "Children Act 2004 s16LA" in late.in_force
    assert "GMC, Confidentiality (2017)" in late.stale
    assert "UK GDPR Article 32" in late.unread
    assert (early.ended, late.off) == ((), ())
    assert json.loads(json.dumps(late.document()))["day"] == "2028-01-01"


def test_the_clock_of_london_is_told_by_its_changes() -> None:
    changes = london_transitions()

    assert changes == sorted(changes)
    for moment, offset in changes[1:]:
        at = datetime.fromtimestamp(moment, UTC)
        before = (at - timedelta(seconds=1)).astimezone(LONDON).utcoffset()
        assert at.astimezone(LONDON).utcoffset() == timedelta(seconds=offset) != before
