"""Agreements as records: what holds on a day, whose it is, and which facts come of it."""

from datetime import UTC, date, datetime

import pytest

from broker.domain.cases.agreements import (
    Agreement,
    AgreementKind,
    AgreementStatus,
    Giver,
    Scope,
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


def test_each_kind_gives_the_facts_that_it_is_about_and_no_other() -> None:
    told = a_record(AgreementKind.TOLD, giver=Giver.NOBODY)
    parents = a_record(AgreementKind.SUPPORT, giver=Giver.PARENT)
    own = a_record(AgreementKind.SUPPORT, AgreementStatus.REFUSED)

    facts = derived([told, a_record(status=AgreementStatus.ASKED), parents, own])

    assert facts["told"] == {"status": "yes"}
    assert facts["agreement_to_share"]["status"] == "unknown"
    assert facts["agreement_to_share"]["recipients"] == ["police"]
    assert facts["agreement_to_support"]["status"] == "refused"
    assert derived([own, parents])["agreement_to_support"]["given_by"] == "person"
    assert derived([a_record(AgreementKind.TOLD, AgreementStatus.REFUSED)]) == {
        "told": {"status": "no"}
    }
    assert derived([a_record(status=AgreementStatus.SUPERSEDED)]) == {}


def test_support_has_a_record_for_each_giver_and_the_others_one_each() -> None:
    support = AgreementKind.SUPPORT
    assert a_record(support).id != a_record(support, giver=Giver.PARENT).id
    assert a_record().id == a_record(giver=Giver.PARENT).id


def test_a_parents_answer_that_was_recorded_without_a_birthday_ends_with_it_all_the_same() -> None:
    parents = a_record(AgreementKind.SUPPORT, giver=Giver.PARENT, expires_on=None)

    facts = derived([parents], date(2008, 5, 2))

    assert facts["agreement_to_support"]["expires_on"] == "2026-05-01"
    assert derived([parents])["agreement_to_support"]["expires_on"] is None
    own = a_record(expires_on=None)
    assert derived([own], date(2008, 5, 2))["agreement_to_share"]["expires_on"] is None
