"""Agreements between bodies, workers and clearances: what counts on a day, and what is refused."""

from dataclasses import replace
from datetime import date

import pytest

from broker.domain.directory.sharing import (
    Pair,
    SharingAgreement,
    Standing,
    faults_of,
    is_covered,
)
from broker.domain.directory.vetting import (
    Clearance,
    ClearanceKind,
    DbsLevel,
    Worker,
    faults_of_worker,
)
from keys import AgencyId, PersonId

TODAY = date(2026, 3, 16)
TRUST, FORCE = AgencyId("northshire-trust"), AgencyId("northshire-police")
PURPOSES = frozenset({"referral", "case-review"})
LIVE = SharingAgreement(
    id="1f2e3d4c",
    pair=Pair.of(TRUST, FORCE),
    title="Northshire sharing agreement. Fictitious.",
    purposes=("referral",),
    names_prevent=True,
    legal_basis="Crime and Disorder Act 1998, section 115",
    limits="",
    signed_on=date(2026, 1, 5),
    review_on=date(2026, 12, 1),
    ends_on=date(2027, 1, 4),
    sha256="a" * 64,
    owner=PersonId("p-lead"),
    entered_by=PersonId("p-keeper"),
    confirmed_by=PersonId("p-lead"),
)
WORKER = Worker(
    id="w-204",
    agency=AgencyId("example-provider"),
    dbs=DbsLevel.ENHANCED,
    dbs_on=date(2025, 4, 1),
    dbs_review_on=date(2026, 4, 1),
    suitable_on=date(2025, 4, 2),
    suitable_by=PersonId("p-keeper"),
    undertaking_on=date(2025, 4, 3),
    registered_with=None,
    registered_until=None,
    entered_by=PersonId("p-keeper"),
)


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, Standing.LIVE),
        ({"confirmed_by": None}, Standing.UNCONFIRMED),
        ({"ended_on": TODAY}, Standing.ENDED),
        ({"ends_on": TODAY}, Standing.LIVE),
        ({"ends_on": date(2026, 3, 15)}, Standing.OVER),
        ({"signed_on": date(2026, 3, 17)}, Standing.TO_COME),
    ],
    ids=str,
)
def test_an_agreement_counts_between_its_days_once_a_second_person_saw_it(
    changes: dict[str, object], standing: Standing
) -> None:
    agreement = replace(LIVE, **changes)  # type: ignore[arg-type]  # fields of the table above

    assert agreement.standing(TODAY) is standing
    assert agreement.covers("referral", TODAY) is (standing is Standing.LIVE)


def test_it_covers_its_own_purposes_and_only_where_it_names_prevent() -> None:
    assert not LIVE.covers("case-review", TODAY)
    assert replace(LIVE, purposes=("*",)).covers("case-review", TODAY)
    assert not replace(LIVE, names_prevent=False).covers("referral", TODAY)


def test_where_none_was_entered_nothing_is_said_of_a_pair() -> None:
    over = replace(LIVE, ends_on=date(2026, 3, 15))
    assert is_covered((), "referral", TODAY) is None
    assert is_covered((over, LIVE), "referral", TODAY) is True
    assert is_covered((over,), "referral", TODAY) is False


def test_its_end_is_spoken_of_ninety_days_before() -> None:
    assert not LIVE.warns_on(date(2026, 9, 1))
    assert LIVE.warns_on(date(2026, 9, 2))
    assert not replace(LIVE, ended_on=TODAY).warns_on(date(2026, 12, 30))


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"pair": Pair.of(TRUST, TRUST)}, "with"),
        ({"title": " "}, "title"),
        ({"legal_basis": "x" * 301}, "legal_basis"),
        ({"purposes": ()}, "purposes"),
        ({"purposes": ("profiling",)}, "purposes"),
        ({"signed_on": date(2026, 3, 17)}, "signed_on"),
        ({"ends_on": date(2026, 1, 5), "review_on": date(2026, 1, 5)}, "ends_on"),
        ({"review_on": date(2027, 1, 5)}, "review_on"),
        ({"sha256": "A" * 64}, "sha256"),
    ],
    ids=lambda one: str(one)[:40],
)
def test_what_is_wrong_with_an_agreement_is_named_by_its_place(
    changes: dict[str, object], place: str
) -> None:
    agreement = replace(LIVE, **changes)  # type: ignore[arg-type]  # fields of the table above

    assert place in {one.place for one in faults_of(agreement, PURPOSES, TODAY)}
    assert faults_of(LIVE, PURPOSES, TODAY) == ()


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        ({}, True),
        ({"dbs": DbsLevel.BASIC}, False),
        ({"dbs_review_on": date(2026, 3, 15)}, False),
        ({"registered_with": "HCPC", "registered_until": date(2026, 3, 16)}, True),
        ({"registered_with": "HCPC", "registered_until": date(2026, 3, 15)}, False),
    ],
    ids=str,
)
def test_a_worker_stands_while_every_check_counts(
    changes: dict[str, object],
    stands: bool,  # noqa: FBT001  # a parameter of the table above
) -> None:
    assert replace(WORKER, **changes).stands_on(TODAY) is stands  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"dbs_on": date(2026, 3, 17)}, "dbs_on"),
        ({"suitable_on": date(2026, 3, 17)}, "suitable_on"),
        ({"undertaking_on": date(2026, 3, 17)}, "undertaking_on"),
        ({"dbs_review_on": date(2025, 4, 1)}, "dbs_review_on"),
        ({"registered_with": "HCPC"}, "registered_until"),
    ],
    ids=str,
)
def test_a_check_of_tomorrow_is_none(changes: dict[str, object], place: str) -> None:
    worker = replace(WORKER, **changes)  # type: ignore[arg-type]  # fields of the table above

    assert [one.place for one in faults_of_worker(worker, TODAY)] == [place]
    assert faults_of_worker(WORKER, TODAY) == ()


def test_a_check_that_ends_is_spoken_of_sixty_days_before() -> None:
    clearance = Clearance(
        person=PersonId("p-1"),
        agency=TRUST,
        kind=ClearanceKind.DBS,
        until=date(2026, 5, 15),
        seen_by=PersonId("p-2"),
    )
    assert clearance.warns_on(TODAY)
    assert not clearance.warns_on(date(2026, 3, 15))
    assert clearance.stands_on(date(2026, 5, 15))
    assert not clearance.stands_on(date(2026, 5, 16))
    assert WORKER.warns_on(TODAY)
    assert not WORKER.warns_on(date(2026, 1, 30))
