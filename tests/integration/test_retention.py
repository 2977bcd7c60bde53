"""What is kept goes when its time is over, and not before; whoever looks is shown it first."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from brokers import NOON, NURSE, Clock
from referrals import (
    ADMINISTRATOR,
    assert_ledger_verifies,
    deliver,
    deliver_and_note,
    recorded,
    refer,
    submit,
)

from broker.domain.errors import HeldError, NoteOwedError, WrongStateError
from broker.domain.obligations import UPDATE_THE_RECORD
from broker.domain.references import Reference
from broker.domain.retention_periods import NOTE_WAITS_DAYS
from broker.domain.states import State
from broker.operations.housekeeping import housekeeping
from broker.retention.disposal import CLOCK
from broker.retention.erasure import Why
from broker.retention.legal_holds import HoldRequest
from broker.wiring import Services
from keys import KeyErasedError, PersonId

REFUSED = {"questions__concern__harm": "none"}
TODAY = NOON.date()


def state_of(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        return tx.store.disclosure(reference).state


def endings(services: Services, *, within_days: int = 30) -> list[tuple[Reference, date, bool]]:
    return [
        (one.kept.references[0], one.kept.erase_on, one.obstacle is None)
        for one in services.retention.disposals.ending(within_days=within_days)
    ]


def test_what_was_opened_is_announced_and_goes_after_30_days(
    services: Services, clock: Clock
) -> None:
    reference = deliver_and_note(services)
    day = TODAY + timedelta(days=30)

    assert endings(services) == [(reference, day, True)]
    clock.forward(timedelta(days=29))
    assert services.retention.disposals.run() == ()
    clock.forward(timedelta(days=1))
    (gone,) = services.retention.disposals.run()

    assert (gone.kept.references, gone.kept.erase_on, gone.obstacle) == ((reference,), day, None)
    assert state_of(services, reference) is State.ERASED
    with services.transaction() as tx:
        event = tx.ledger.entries_about(str(reference))[-1].event
    assert (event["type"], event["by"], event["why"]) == ("erased", CLOCK, "retention")
    assert services.retention.disposals.run() == ()
    assert_ledger_verifies(services)


def test_what_led_to_nothing_is_looked_at_each_year_and_goes_within_three(
    services: Services, clock: Clock
) -> None:
    references = {submit(services, "key-00000001", **REFUSED), refer(services, "key-00000002")}

    def to_review() -> set[Reference]:
        return {one.references[0] for one in services.retention.disposals.to_review()}

    for year in (1, 2):
        assert to_review() == set()
        clock.forward(timedelta(days=365))
        assert to_review() == references
        for reference in references:
            services.retention.disposals.keep(reference, ADMINISTRATOR)
        assert year == len([one for one in recorded(services, reference) if one == "kept"])
    clock.forward(timedelta(days=334))
    assert endings(services) == []
    clock.forward(timedelta(days=1))
    assert {reference for reference, _, _ in endings(services)} == references
    clock.forward(timedelta(days=30))

    assert len(services.retention.disposals.run()) == 2

    assert {state_of(services, reference) for reference in references} == {State.ERASED}


def test_a_review_that_nobody_makes_keeps_nothing(services: Services, clock: Clock) -> None:
    reference = submit(services, **REFUSED)
    clock.forward(timedelta(days=1095))

    services.retention.disposals.run()

    assert state_of(services, reference) is State.ERASED


def test_a_dry_run_erases_nothing(services: Services, clock: Clock) -> None:
    reference = deliver_and_note(services)
    clock.forward(timedelta(days=30))

    foretold = services.retention.disposals.ending(within_days=0)

    assert state_of(services, reference) is State.ACKNOWLEDGED
    assert services.retention.disposals.run() == foretold


def test_what_is_held_or_under_way_stays_and_says_why(services: Services, clock: Clock) -> None:
    held, due = (
        deliver_and_note(services, "key-00000001"),
        deliver_and_note(services, "key-00000002"),
    )
    until = TODAY + timedelta(days=5000)
    claim = HoldRequest(owner=PersonId("p-lawyer"), until=until, why="It is before the court.")
    services.retention.legal_holds.hold(held, ADMINISTRATOR, claim)
    waiting = submit(services, "key-00000003")
    clock.forward(timedelta(days=1095))

    foretold = {one.kept.references[0]: one.obstacle for one in services.retention.disposals.run()}

    assert set(foretold) == {held, due, waiting}
    assert f"A legal hold keeps this case until {until}" in str(foretold[held])
    assert foretold[due] is None
    assert "is still under way. It may go and is being sealed" in str(foretold[waiting])
    assert state_of(services, held) is State.ACKNOWLEDGED
    assert state_of(services, waiting) is State.DECIDED
    assert [reference for reference, _, goes in endings(services, within_days=0) if goes] == []


def test_what_is_held_between_the_list_and_the_erasure_stays(
    services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = deliver_and_note(services)
    clock.forward(timedelta(days=30))
    claim = HoldRequest(
        owner=PersonId("p-lawyer"), until=date(2099, 1, 1), why="A letter came in."
    )
    erasable = services.retention.erasures.erasable

    def and_then_held(_erasures: object, named: str, why: Why, on: date | None) -> object:
        found = erasable(named, why, on)
        services.retention.legal_holds.hold(reference, ADMINISTRATOR, claim)
        return found

    monkeypatch.setattr("broker.retention.erasure.Erasures.erasable", and_then_held)
    (stays,) = services.retention.disposals.run()

    assert "A legal hold keeps this case" in str(stays.obstacle)
    assert state_of(services, reference) is State.ACKNOWLEDGED


def test_what_goes_by_itself_is_not_reviewed(services: Services, clock: Clock) -> None:
    opened = deliver_and_note(services)

    with pytest.raises(WrongStateError, match="broker retention list"):
        services.retention.disposals.keep(opened, ADMINISTRATOR)
    clock.forward(timedelta(days=30))
    services.retention.disposals.run()
    with pytest.raises(KeyErasedError):
        services.retention.disposals.keep(opened, ADMINISTRATOR)


def test_housekeeping_ends_what_is_over(services: Services, clock: Clock) -> None:
    reference = deliver_and_note(services)
    clock.forward(timedelta(days=30))

    ended = housekeeping(services)

    assert (ended.passphrases, ended.cases) == (0, 1)
    assert state_of(services, reference) is State.ERASED
    assert housekeeping(services).cases == 0


def test_a_note_that_is_owed_keeps_what_would_go_by_its_time(
    services: Services, clock: Clock
) -> None:
    reference = deliver(services)
    with services.transaction() as tx:
        (duty,) = (one for one in tx.duties.of(reference) if one.type == UPDATE_THE_RECORD)
    assert duty.due_on == TODAY + timedelta(days=7)

    clock.forward(timedelta(days=30))
    (stays,) = services.retention.disposals.run()

    until = TODAY + timedelta(days=7 + NOTE_WAITS_DAYS)
    assert f"Nobody has said that {reference} is noted" in str(stays.obstacle)
    assert f"It goes on {until} all the same" in str(stays.obstacle)
    assert state_of(services, reference) is State.ACKNOWLEDGED

    services.disclosures.finish(reference, NURSE, UPDATE_THE_RECORD)
    (gone,) = services.retention.disposals.run()
    assert gone.obstacle is None


def test_a_list_says_what_will_be_on_the_day_on_which_it_would_go(services: Services) -> None:
    reference = deliver(services)
    case = services.retention.disposals.ending()[0].kept.case
    services.disclosures.finish(reference, NURSE, UPDATE_THE_RECORD)
    over = HoldRequest(
        owner=PersonId("p-lawyer"), until=TODAY + timedelta(days=9), why="A court asks."
    )
    services.retention.legal_holds.hold(reference, ADMINISTRATOR, over)
    assert [one.obstacle for one in services.retention.disposals.ending()] == [None]
    with pytest.raises(HeldError, match="Nothing was erased"):
        services.retention.erasures.erasable(case, "retention")

    longer = replace(over, until=TODAY + timedelta(days=30))
    services.retention.legal_holds.hold(reference, ADMINISTRATOR, longer)

    (stays,) = services.retention.disposals.ending()
    assert stays.obstacle is not None
    assert f"keeps this case until {longer.until}" in stays.obstacle
    assert "erased" not in stays.obstacle


def test_no_note_that_is_owed_keeps_it_for_ever(services: Services, clock: Clock) -> None:
    reference = deliver(services)
    clock.forward(timedelta(days=7 + NOTE_WAITS_DAYS))

    services.retention.disposals.run()

    assert state_of(services, reference) is State.ERASED


def test_who_asks_for_it_ends_it_at_once_and_hears_that_the_note_is_owed(
    services: Services,
) -> None:
    reference = deliver(services)
    erasures = services.retention.erasures

    found = erasures.erasable(str(reference), "request")

    assert erasures.without_a_note(found) == (reference,)
    with pytest.raises(NoteOwedError):
        erasures.erasable(str(reference), "retention")
    assert erasures.erase(found[0].case, ADMINISTRATOR, "request")


def test_no_note_is_owed_for_what_was_taken_back(services: Services) -> None:
    reference = submit(services)
    services.dispatcher.dispatch()
    services.afterwards.recalling.recall(reference, NURSE)

    found = services.retention.erasures.erasable(str(reference), "retention")

    assert services.retention.erasures.without_a_note(found) == ()
