"""A case that somebody needs is kept until they need it no longer; the ledger says for whom."""

import json
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from brokers import NOON, Clock
from children import Children
from leftovers import Left, collect, hits
from referrals import ADMINISTRATOR, assert_ledger_verifies, deliver, fields_of, recorded

from audit.format.commitment import verify_opening
from broker.domain.errors import HeldError, NotAllowedError, UnknownReferenceError, WrongStateError
from broker.domain.references import Reference, parse_reference
from broker.retention.legal_holds import HoldRequest
from broker.wiring import Services
from keys import KeyErasedError, PersonId

LAWYER, INQUIRY = PersonId("p-lawyer"), PersonId("p-inquiry")
TODAY = NOON.date()
TOMORROW = TODAY + timedelta(days=1)
WHY = "Zzcanary is before the court."


def hold(
    services: Services, reference: Reference, owner: PersonId = LAWYER, until: date = TOMORROW
) -> None:
    claim = HoldRequest(owner=owner, until=until, why=WHY)
    services.retention.legal_holds.hold(reference, ADMINISTRATOR, claim)


def erase(services: Services, reference: Reference) -> bool:
    with services.transaction() as tx:
        case = tx.store.disclosure(reference).case
    return services.retention.erasures.erase(case, ADMINISTRATOR, "request")


def last_event(services: Services, reference: Reference) -> Mapping[str, object]:
    with services.transaction() as tx:
        return tx.ledger.entries_about(str(reference))[-1].event


def test_what_is_held_is_not_erased_before_the_day_is_over(
    services: Services, clock: Clock
) -> None:
    reference = deliver(services)
    hold(services, reference)

    for _ in range(2):
        with pytest.raises(HeldError, match=f"until {TOMORROW}.* p-lawyer: .*broker hold lift"):
            services.retention.erasures.erasable(str(reference))
        with pytest.raises(HeldError):
            erase(services, reference)
        clock.forward(timedelta(hours=11))
    clock.forward(timedelta(days=1))

    assert erase(services, reference)


def test_a_hold_that_was_lifted_keeps_nothing(services: Services) -> None:
    reference = deliver(services)
    hold(services, reference)

    services.retention.legal_holds.lift(reference, ADMINISTRATOR, LAWYER)

    assert services.retention.legal_holds.all() == ()
    assert erase(services, reference)
    assert recorded(services, reference)[-3:] == ["hold.set", "hold.lift", "erased"]


def test_each_owner_holds_for_themselves(services: Services) -> None:
    reference = deliver(services)
    hold(services, reference, LAWYER, TODAY)
    hold(services, reference, INQUIRY, TOMORROW)

    services.retention.legal_holds.lift(reference, ADMINISTRATOR, LAWYER)

    with pytest.raises(HeldError, match="p-inquiry"):
        erase(services, reference)


def test_the_same_owner_moves_the_day(services: Services, clock: Clock) -> None:
    reference = deliver(services)
    hold(services, reference, until=TODAY)
    services.retention.legal_holds.lift(reference, ADMINISTRATOR, LAWYER)
    clock.forward(timedelta(minutes=1))

    hold(services, reference, until=TOMORROW)

    ((found, kept),) = services.retention.legal_holds.all()
    assert (found, kept.owner, kept.until, kept.set_at) == (
        reference,
        LAWYER,
        TOMORROW,
        clock.now,
    )


def test_an_expired_hold_is_listed_until_it_is_lifted(services: Services, clock: Clock) -> None:
    reference = deliver(services)
    hold(services, reference, LAWYER, TOMORROW)
    hold(services, reference, INQUIRY, TODAY)
    clock.forward(timedelta(days=1))

    today = services.retention.erasures.today()

    assert [
        (one.owner, one.stands_on(today)) for _, one in services.retention.legal_holds.all()
    ] == [
        (INQUIRY, False),
        (LAWYER, True),
    ]


def test_the_ledger_holds_owner_and_day_and_the_case_holds_the_reason(services: Services) -> None:
    reference = deliver(services)

    hold(services, reference)

    event = last_event(services, reference)
    (name,) = [name for name in fields_of(services, reference) if name.startswith("hold/")]
    with services.transaction() as tx:
        disclosure = tx.store.disclosure(reference)
        opening = json.loads(tx.case_file(disclosure).get(name) or b"")
    assert event == {
        **{given: event[given] for given in ("gw", "gw_seq", "id", "n", "ts", "why_c")},
        "type": "hold.set",
        "ref": str(reference),
        "by": ADMINISTRATOR,
        "case": disclosure.case,
        "owner": LAWYER,
        "until": TOMORROW.isoformat(),
    }
    salt = bytes.fromhex(opening["salt"])
    verify_opening(str(event["why_c"]), field=name, value=WHY, salt=salt)


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        pytest.param(
            HoldRequest(owner=LAWYER, until=TOMORROW, why=" \n"), "needs a reason", id="no reason"
        ),
        pytest.param(
            HoldRequest(owner=LAWYER, until=TODAY - timedelta(days=1), why=WHY),
            "a day to come",
            id="a day that is over",
        ),
    ],
)
def test_a_hold_has_a_reason_and_a_day_to_come(
    services: Services, claim: HoldRequest, words: str
) -> None:
    reference = deliver(services)

    with pytest.raises(NotAllowedError, match=words):
        services.retention.legal_holds.hold(reference, ADMINISTRATOR, claim)

    assert services.retention.legal_holds.all() == ()


def test_what_is_not_there_or_not_held_is_told(services: Services) -> None:
    reference = deliver(services)

    with pytest.raises(UnknownReferenceError):
        hold(services, parse_reference("PRV-7Q4K-M2XH"))
    with pytest.raises(WrongStateError, match="broker hold list"):
        services.retention.legal_holds.lift(reference, ADMINISTRATOR, LAWYER)
    erase(services, reference)
    with pytest.raises(KeyErasedError):
        hold(services, reference)


def test_the_reason_of_a_hold_stands_nowhere_in_clear(sqlite_broker: Services) -> None:
    hold(sqlite_broker, deliver(sqlite_broker))
    left = Left()

    collect(sqlite_broker.home.path, left)

    assert "broker.db-wal" in left.files
    assert hits(left, WHY, "Zzcanary") == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_hold_is_kept_whole_or_not_at_all(services: Services, moment: str) -> None:
    reference = deliver(services)

    Children(services).killed_at(f"{moment}-commit-of-hold.set", "hold", str(reference))

    is_held = moment == "after"
    assert bool(services.retention.legal_holds.all()) is is_held
    assert (recorded(services, reference)[-1] == "hold.set") is is_held
    assert_ledger_verifies(services)
