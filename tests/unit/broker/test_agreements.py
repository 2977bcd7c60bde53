"""Agreements as records: what holds on a day, whose it is, and which facts come of it."""

from datetime import UTC, date, datetime

import pytest

from broker.domain.cases.agreements import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    Giver,
    Scope,
    Whom,
    derived,
    last_day,
)
from broker.domain.errors import WrongStateError
from keys import CaseId, PersonId

TODAY = date(2026, 3, 16)


def a_record(
    kind: AgreementKind = AgreementKind.SHARE,
    status: AgreementStatus = AgreementStatus.GIVEN,
    giver: Giver = Giver.PERSON,
    expires_on: date | None = date(2026, 6, 1),
) -> Agreement:
    return Agreement(
        case=CaseId("c-1"),
        kind=kind,
        status=status,
        giver=giver,
        given_on=date(2026, 3, 10),
        expires_on=expires_on,
        scope=Scope(recipients=("police",), purposes=("referral",)),
        version=1,
        recorded_by=PersonId("p-nurse"),
        recorded_at=datetime(2026, 3, 16, 12, tzinfo=UTC),
    )


def test_what_is_kept_of_a_record_is_read_as_it_was_written() -> None:
    record = a_record()

    read = Agreement.of_document(record.case, record.kind, record.version, record.document())

    assert read == record


@pytest.mark.parametrize(
    ("expires_on", "status"),
    [(date(2026, 3, 16), "given"), (date(2026, 3, 15), "expired"), (None, "given")],
    ids=["on its last day", "after it", "without an end"],
)
def test_what_was_given_is_expired_after_its_last_day(
    expires_on: date | None, status: str
) -> None:
    assert a_record(expires_on=expires_on).standing(TODAY) == status


def test_only_what_was_given_and_holds_can_be_taken_back() -> None:
    a_record().must_hold(TODAY)
    for other in (
        a_record(status=AgreementStatus.REFUSED),
        a_record(expires_on=date(2026, 3, 15)),
    ):
        with pytest.raises(WrongStateError, match="Nothing was given"):
            other.must_hold(TODAY)


@pytest.mark.parametrize(
    ("giver", "until", "born", "ends"),
    [
        (Giver.PARENT, None, date(2008, 5, 2), date(2026, 5, 1)),
        (Giver.PARENT, date(2026, 12, 31), date(2008, 5, 2), date(2026, 5, 1)),
        (Giver.PARENT, date(2026, 4, 1), date(2008, 5, 2), date(2026, 4, 1)),
        (Giver.PARENT, None, date(2008, 2, 29), date(2026, 2, 28)),
        (Giver.PARENT, None, None, None),
        (Giver.PERSON, None, date(2008, 5, 2), None),
    ],
    ids=["no end", "later", "sooner", "a leap day", "no birthday", "the person's own"],
)
def test_an_18th_birthday_ends_a_parents_consent(
    giver: Giver, until: date | None, born: date | None, ends: date | None
) -> None:
    assert last_day(giver, until, born) == ends


def test_somebody_asks_again_two_weeks_before_it_ends() -> None:
    assert a_record().asks_again_on == date(2026, 5, 18)
    assert a_record(expires_on=None).asks_again_on is None
    assert a_record(status=AgreementStatus.REFUSED).asks_again_on is None


CHILD = Whom(today=TODAY, born=date(2009, 5, 2))
GROWN = Whom(today=TODAY, born=date(1991, 11, 2))


def test_each_kind_gives_the_facts_that_it_is_about_and_no_other() -> None:
    told = a_record(AgreementKind.TOLD, giver=Giver.NOBODY)

    facts = derived([told, a_record(status=AgreementStatus.ASKED)], GROWN)

    assert facts["told"] == {"status": "yes"}
    assert facts["agreement_to_share"]["status"] == "unknown"
    assert facts["agreement_to_share"]["recipients"] == ["police"]
    assert set(facts) == {"told", "agreement_to_share"}
    assert derived([a_record(AgreementKind.TOLD, AgreementStatus.REFUSED)], GROWN) == {
        "told": {"status": "no"}
    }
    assert derived([a_record(status=AgreementStatus.SUPERSEDED)], GROWN) == {}


PARENTS = a_record(AgreementKind.SUPPORT, giver=Giver.PARENT)
OWN = a_record(AgreementKind.SUPPORT)


@pytest.mark.parametrize(
    ("whom", "giver", "own"),
    [
        pytest.param(CHILD, "parent", "agrees", id="a child"),
        pytest.param(Whom(today=TODAY, ages=(14, 16)), "parent", "agrees", id="surely a child"),
        pytest.param(Whom(today=TODAY, ages=(16, 19)), "parent", "agrees", id="not sure"),
        pytest.param(Whom(today=TODAY), "parent", "agrees", id="nothing is known"),
        pytest.param(GROWN, "person", None, id="an adult"),
    ],
)
def test_to_support_the_statute_asks_a_childs_parent_and_the_childs_own_answer_stands_beside_it(
    whom: Whom, giver: str, own: str | None
) -> None:
    for records in ([PARENTS, OWN], [OWN, PARENTS]):
        facts = derived(records, whom)

        assert facts["agreement_to_support"]["given_by"] == giver
        assert facts.get("subject", {}).get("own_answer_to_support") == own


def test_a_childs_own_answer_is_no_agreement_of_a_parent() -> None:
    assert set(derived([OWN], CHILD)) == {"subject"}
    assert set(derived([PARENTS], CHILD)) == {"agreement_to_support"}


@pytest.mark.parametrize(
    ("status", "expires_on", "own"),
    [
        ("given", None, "agrees"),
        ("given", date(2026, 3, 15), "not-asked"),
        ("refused", None, "refuses"),
        ("withdrawn", None, "refuses"),
        ("asked", None, "unknown"),
        ("not-sought", None, "not-asked"),
        ("unable", None, "not-applicable"),
    ],
)
def test_a_childs_own_answer_is_read_as_it_stands(
    status: str, expires_on: date | None, own: str
) -> None:
    record = a_record(
        AgreementKind.SUPPORT, AgreementStatus(status), Giver.PERSON, expires_on=expires_on
    )

    assert derived([record], CHILD)["subject"] == {"own_answer_to_support": own}


def test_support_has_a_record_for_each_giver_and_the_others_one_each() -> None:
    support = AgreementKind.SUPPORT
    assert a_record(support).id != a_record(support, giver=Giver.PARENT).id
    assert a_record().id == a_record(giver=Giver.PARENT).id


def test_a_parents_answer_that_was_recorded_without_a_birthday_ends_with_it_all_the_same() -> None:
    parents = a_record(AgreementKind.SUPPORT, giver=Giver.PARENT, expires_on=None)

    facts = derived([parents], Whom(today=TODAY, born=date(2008, 5, 2)))

    assert facts["agreement_to_support"]["expires_on"] == "2026-05-01"
    assert derived([parents], Whom(today=TODAY))["agreement_to_support"]["expires_on"] is None
