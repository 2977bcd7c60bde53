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
from broker.retention.legal_holds import Claim
from broker.wiring import Services
from keys import KeyErasedError, PersonId

LAWYER, INQUIRY = PersonId("p-lawyer"), PersonId("p-inquiry")
TODAY = NOON.date()
TOMORROW = TODAY + timedelta(days=1)
WHY = "Zzcanary is before the court."


def hold(
    made: Services, reference: Reference, owner: PersonId = LAWYER, until: date = TOMORROW
) -> None:
    claim = Claim(owner=owner, until=until, why=WHY)
    made.erasures.hold(reference, ADMINISTRATOR, claim)


def erase(made: Services, reference: Reference) -> bool:
    with made.transaction() as tx:
        case = tx.store.disclosure(reference).case
    return made.erasures.erase(case, ADMINISTRATOR, "request")


def last_event(made: Services, reference: Reference) -> Mapping[str, object]:
    with made.transaction() as tx:
        return tx.ledger.entries_about(str(reference))[-1].event


def test_what_is_held_is_not_erased_before_the_day_is_over(made: Services, clock: Clock) -> None:
    reference = deliver(made)
    hold(made, reference)

    for _ in range(2):
        with pytest.raises(HeldError, match=f"until {TOMORROW}.* p-lawyer: .*broker hold lift"):
            made.erasures.erasable(str(reference))
        with pytest.raises(HeldError):
            erase(made, reference)
        clock.forward(timedelta(hours=11))
    clock.forward(timedelta(days=1))

    assert erase(made, reference)


def test_a_hold_that_was_lifted_keeps_nothing(made: Services) -> None:
    reference = deliver(made)
    hold(made, reference)

    made.erasures.lift(reference, ADMINISTRATOR, LAWYER)

    assert made.erasures.holds() == ()
    assert erase(made, reference)
    assert recorded(made, reference)[-3:] == ["hold.set", "hold.lift", "erased"]


def test_each_owner_holds_for_themselves(made: Services) -> None:
    reference = deliver(made)
    hold(made, reference, LAWYER, TODAY)
    hold(made, reference, INQUIRY, TOMORROW)

    made.erasures.lift(reference, ADMINISTRATOR, LAWYER)

    with pytest.raises(HeldError, match="p-inquiry"):
        erase(made, reference)


def test_the_same_owner_moves_the_day(made: Services, clock: Clock) -> None:
    reference = deliver(made)
    hold(made, reference, until=TODAY)
    made.erasures.lift(reference, ADMINISTRATOR, LAWYER)
    clock.forward(timedelta(minutes=1))

    hold(made, reference, until=TOMORROW)

    ((found, kept),) = made.erasures.holds()
    assert (found, kept.owner, kept.until, kept.set_at) == (
        reference,
        LAWYER,
        TOMORROW,
        clock.now,
    )


def test_an_expired_hold_is_listed_until_it_is_lifted(made: Services, clock: Clock) -> None:
    reference = deliver(made)
    hold(made, reference, LAWYER, TOMORROW)
    hold(made, reference, INQUIRY, TODAY)
    clock.forward(timedelta(days=1))

    today = made.erasures.today()

    assert [(one.owner, one.stands_on(today)) for _, one in made.erasures.holds()] == [
        (INQUIRY, False),
        (LAWYER, True),
    ]


def test_the_ledger_holds_owner_and_day_and_the_case_holds_the_reason(made: Services) -> None:
    reference = deliver(made)

    hold(made, reference)

    event = last_event(made, reference)
    (name,) = [name for name in fields_of(made, reference) if name.startswith("hold/")]
    with made.transaction() as tx:
        disclosure = tx.store.disclosure(reference)
        opening = json.loads(tx.case_file(disclosure).get(name) or b"")
    assert event == {
        **{given: event[given] for given in ("gw", "gw_seq", "id", "ts", "why_c")},
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
            Claim(owner=LAWYER, until=TOMORROW, why=" \n"), "needs a reason", id="no reason"
        ),
        pytest.param(
            Claim(owner=LAWYER, until=TODAY - timedelta(days=1), why=WHY),
            "a day to come",
            id="a day that is over",
        ),
    ],
)
def test_a_hold_has_a_reason_and_a_day_to_come(made: Services, claim: Claim, words: str) -> None:
    reference = deliver(made)

    with pytest.raises(NotAllowedError, match=words):
        made.erasures.hold(reference, ADMINISTRATOR, claim)

    assert made.erasures.holds() == ()


def test_what_is_not_there_or_not_held_is_told(made: Services) -> None:
    reference = deliver(made)

    with pytest.raises(UnknownReferenceError):
        hold(made, parse_reference("PRV-7Q4K-M2XH"))
    with pytest.raises(WrongStateError, match="broker hold list"):
        made.erasures.lift(reference, ADMINISTRATOR, LAWYER)
    erase(made, reference)
    with pytest.raises(KeyErasedError):
        hold(made, reference)


def test_the_reason_of_a_hold_stands_nowhere_in_clear(sqlite_broker: Services) -> None:
    hold(sqlite_broker, deliver(sqlite_broker))
    left = Left()

    collect(sqlite_broker.home.path, left)

    assert "broker.db-wal" in left.files
    assert hits(left, WHY, "Zzcanary") == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_hold_is_kept_whole_or_not_at_all(made: Services, moment: str) -> None:
    reference = deliver(made)

    Children(made).killed_at(f"{moment}-commit-of-hold.set", "hold", str(reference))

    is_held = moment == "after"
    assert bool(made.erasures.holds()) is is_held
    assert (recorded(made, reference)[-1] == "hold.set") is is_held
    assert_ledger_verifies(made)
