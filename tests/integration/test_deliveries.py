"""What fails on its way is tried for a day, then told to a person, without whom nothing goes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from brokers import NURSE, TEACHER, Clock, a_submission
from delivery_notices import a_notice
from referrals import assert_ledger_verifies, submit
from scripted_couriers import Scripted, dispatched

from broker.alarms import alarms
from broker.delivery.bounces import Became
from broker.delivery.message import envelope_id_of
from broker.disclosures.received_by import received_by
from broker.disclosures.standing_still.deliveries import HandReceipt
from broker.disclosures.views import view_of
from broker.domain.errors import (
    DeferredError,
    DeliveryError,
    NotAllowedError,
    ReasonNeededError,
    RejectedError,
    TlsRefusedError,
    UnknownFateError,
    UnknownReferenceError,
    WrongStateError,
)
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.times import moment_of
from broker.ledger.readings import Entrance
from broker.ledger.shares import share_about
from broker.wiring import Services
from keys import AgencyId, PersonId

WHY = "Their server was mended this morning."
NUMBER: dict[str, Any] = {"form__individual.nhs_number": "943 476 5919"}
OFFICER = Person(id=PersonId("p-officer"), agency=AgencyId("northshire-police"), role=Role.POLICE)
RECEIPT = HandReceipt(way="egress", receipt="EG-2026-04411")


def submitted(services: Services, key: str = "key-00000001") -> Reference:
    return services.disclosures.submit(a_submission(services, key), NURSE)


def state_of(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        (disclosure,) = tx.agreeing((tx.store.disclosure(reference),))
        return disclosure.state


def events_of(services: Services, reference: Reference) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.ledger.entries_about(str(reference))][3:]


def codes(services: Services) -> set[str]:
    return {alarm.code for alarm in alarms(services)}


@pytest.mark.parametrize(
    ("error", "event", "state", "alarm"),
    [
        (DeferredError("x", "later", 451), "deferred", State.DEFERRED, None),
        (TlsRefusedError("x"), "refused-tls", State.DEFERRED, "relay-not-private"),
        (RejectedError("x", "refused", 550), "rejected", State.REJECTED, "undelivered"),
        (UnknownFateError("x"), "unknown", State.UNKNOWN, "undelivered"),
    ],
    ids=["later", "not private", "refused", "unknown"],
)
def test_each_way_to_fail_has_its_entry_its_state_and_its_alarm(
    sqlite_broker: Services,
    error: DeliveryError,
    event: str,
    state: State,
    alarm: str | None,
) -> None:
    reference = submitted(sqlite_broker)

    dispatched(sqlite_broker, error)

    assert events_of(sqlite_broker, reference) == [event]
    assert state_of(sqlite_broker, reference) is state
    assert codes(sqlite_broker) & {"undelivered", "relay-not-private"} == {alarm} - {None}
    with sqlite_broker.transaction() as tx:
        assert tx.about(reference)[-1].event.get("code") == error.reply


def test_what_fails_is_tried_with_the_same_bytes_ever_more_rarely(
    sqlite_broker: Services, clock: Clock
) -> None:
    submitted(sqlite_broker)
    courier = dispatched(sqlite_broker, DeferredError("x"))
    dispatcher = replace(sqlite_broker.dispatcher, courier=courier)
    courier.errors = [DeferredError("x") for _ in range(3)]
    waits = []
    while not courier.taken:
        waited = timedelta()
        while dispatcher.dispatch() == 0:
            clock.forward(timedelta(seconds=1))
            waited += timedelta(seconds=1)
        waits.append(waited.total_seconds())

    assert waits == [1, 2, 4, 8]
    (envelope, message), *_ = courier.taken
    assert envelope.message_id.encode() in message


def test_after_a_day_of_failing_a_person_is_told_and_nothing_is_tried(
    sqlite_broker: Services, clock: Clock
) -> None:
    reference = submitted(sqlite_broker)
    dispatched(sqlite_broker, TlsRefusedError("x"))
    clock.forward(timedelta(hours=23, minutes=59))
    dispatched(sqlite_broker, DeferredError("x", "later", 451))
    assert state_of(sqlite_broker, reference) is State.DEFERRED
    clock.forward(timedelta(hours=1))

    dispatched(sqlite_broker, DeferredError("x", "later", 451))

    assert events_of(sqlite_broker, reference) == ["refused-tls", "deferred", "gave-up"]
    assert state_of(sqlite_broker, reference) is State.REJECTED
    assert "undelivered" in codes(sqlite_broker)
    clock.forward(timedelta(days=1))
    assert dispatched(sqlite_broker).taken == []
    assert_ledger_verifies(sqlite_broker)


@pytest.mark.parametrize("error", [RejectedError("x"), UnknownFateError("x")])
def test_it_is_sent_again_on_a_persons_word_and_counts_a_day_anew(
    sqlite_broker: Services, clock: Clock, error: DeliveryError
) -> None:
    services = sqlite_broker
    reference = submitted(services)
    dispatched(services, error)
    clock.forward(timedelta(days=2))

    services.deliveries.resend(reference, NURSE, WHY)
    first = dispatched(services, DeferredError("x"))
    assert state_of(services, reference) is State.DEFERRED
    clock.forward(timedelta(seconds=2))
    second = dispatched(services)

    assert first.taken == []
    assert len(second.taken) == 1
    assert events_of(services, reference)[1:] == ["resend.asked", "deferred", "sent"]
    assert state_of(services, reference) is State.SENT
    assert len(services.disclosures.hand_over(reference, NURSE, None).passphrase) > 15


def test_nothing_is_sent_again_where_nothing_stands_still(sqlite_broker: Services) -> None:
    reference = submitted(sqlite_broker)
    with pytest.raises(WrongStateError):
        sqlite_broker.deliveries.resend(reference, NURSE, WHY)
    dispatched(sqlite_broker)
    with pytest.raises(WrongStateError):
        sqlite_broker.deliveries.resend(reference, NURSE, WHY)
    with pytest.raises(WrongStateError):
        sqlite_broker.deliveries.confirm_arrival(reference, NURSE)


def test_only_who_sent_it_decides_what_becomes_of_it(sqlite_broker: Services) -> None:
    reference = submitted(sqlite_broker)
    dispatched(sqlite_broker, UnknownFateError("x"))
    deliveries = sqlite_broker.deliveries

    for act in (
        lambda: deliveries.resend(reference, TEACHER, WHY),
        lambda: deliveries.confirm_arrival(reference, TEACHER),
        lambda: deliveries.fetch(reference, TEACHER, Entrance.CLI),
        lambda: deliveries.sent_by_hand(reference, TEACHER, RECEIPT),
    ):
        with pytest.raises(UnknownReferenceError):
            act()


def test_what_has_arrived_after_all_is_told_and_opened_as_usual(sqlite_broker: Services) -> None:
    reference = submitted(sqlite_broker)
    dispatched(sqlite_broker, UnknownFateError("x"))

    sqlite_broker.deliveries.confirm_arrival(reference, NURSE)

    assert state_of(sqlite_broker, reference) is State.SENT
    assert "undelivered" not in codes(sqlite_broker)
    sqlite_broker.disclosures.hand_over(reference, NURSE, None)
    assert_ledger_verifies(sqlite_broker)


def test_what_is_carried_by_hand_is_fetched_once_and_has_a_receipt(
    sqlite_broker: Services, clock: Clock
) -> None:
    services = sqlite_broker
    reference = submitted(services)
    courier = dispatched(services, DeferredError("x"))
    deliveries = services.deliveries
    with pytest.raises(WrongStateError, match="Fetch"):
        deliveries.sent_by_hand(reference, NURSE, RECEIPT)

    sealed = deliveries.fetch(reference, NURSE, Entrance.CLI)
    assert sealed.startswith(b"%PDF")
    with pytest.raises(ReasonNeededError, match=r"^It was already given out once\."):
        deliveries.fetch(reference, NURSE, Entrance.CLI)
    assert deliveries.fetch(reference, NURSE, Entrance.CLI, "The disk was full.") == sealed
    deliveries.sent_by_hand(reference, NURSE, RECEIPT)

    assert events_of(services, reference) == ["deferred", "read", "read", "sent-by-hand"]
    assert state_of(services, reference) is State.SENT
    clock.forward(timedelta(days=1))
    replace(services.dispatcher, courier=courier).dispatch()
    assert courier.taken == []
    view = view_of(services.disclosures, services.receipts, reference, NURSE)
    assert view.way_out is not None
    assert view.way_out.way == "by-hand"


def carried(services: Services, reference: Reference) -> None:
    services.deliveries.fetch(reference, NURSE, Entrance.CLI)
    services.deliveries.sent_by_hand(reference, NURSE, RECEIPT)


def confirmed(services: Services, reference: Reference) -> None:
    services.deliveries.confirm_arrival(reference, NURSE)


def noticed(services: Services, reference: Reference) -> None:
    with services.transaction() as tx:
        message_id = tx.store.disclosure(reference).message_id or ""
    mark = envelope_id_of(reference, message_id, services.dispatcher.envelopes)
    services.bounces.take(a_notice(mark, "delivered"))


@pytest.mark.parametrize(
    ("come", "entry"),
    [(carried, "sent-by-hand"), (confirmed, "arrival.confirmed"), (noticed, "delivered")],
)
def test_what_came_another_way_than_by_the_courier_has_come_wherever_that_is_asked(
    sqlite_broker: Services, come: Callable[[Services, Reference], None], entry: str
) -> None:
    services = sqlite_broker
    first, second = (submit(services, f"key-0000000{one}", **NUMBER) for one in (1, 2))
    dispatched(services, UnknownFateError("x"))

    come(services, first)

    stands = services.inbox.one(OFFICER, first)
    with services.transaction() as tx:
        share = share_about(tx, OFFICER, str(first))
        moment = moment_of(tx.about(first)[-1].moment)
    assert stands.sent_at == moment
    earlier = services.earlier.received_before(OFFICER, second)
    assert [one.reference for one in earlier] == [first]
    assert share is not None
    assert [one.type for one in share.entries] == [entry]
    (listed,) = received_by(services.transaction, NURSE, str(first), Entrance.CLI)
    assert (listed.sent_at, listed.opened_at) == (moment, None)


def test_one_receipt_stands_with_one_document(sqlite_broker: Services) -> None:
    services = sqlite_broker
    references = [submitted(services, f"key-0000000{number}") for number in (1, 2)]
    dispatched(services, RejectedError("x"), RejectedError("x"))
    for reference in references:
        services.deliveries.fetch(reference, NURSE, Entrance.CLI)
    services.deliveries.sent_by_hand(references[0], NURSE, RECEIPT)

    again = HandReceipt(way="egress", receipt="  eg-2026-04411 ")
    with pytest.raises(NotAllowedError, match="receipt of its own"):
        services.deliveries.sent_by_hand(references[1], NURSE, again)
    services.deliveries.sent_by_hand(
        references[1], NURSE, HandReceipt(way="egress", receipt="EG-2026-04412")
    )


@pytest.mark.parametrize(
    ("way", "receipt"),
    [("pigeon", "EG-1"), ("egress", " "), ("egress", "a\nb"), ("egress", "x" * 201)],
)
def test_a_receipt_that_says_nothing_is_none(way: str, receipt: str) -> None:
    with pytest.raises(NotAllowedError):
        HandReceipt(way=way, receipt=receipt)


def mark_of(courier: Scripted) -> str:
    return courier.taken[0][0].envelope_id


def test_a_notice_of_success_is_recorded_once_and_moves_nothing(sqlite_broker: Services) -> None:
    reference = submitted(sqlite_broker)
    notice = a_notice(mark_of(dispatched(sqlite_broker)), "delivered")

    became = [sqlite_broker.bounces.take(notice) for _ in range(2)]

    assert became == [Became.DELIVERED, Became.NOTHING_NEW]
    assert events_of(sqlite_broker, reference) == ["sent", "delivered"]
    assert state_of(sqlite_broker, reference) is State.SENT
    view = view_of(sqlite_broker.disclosures, sqlite_broker.receipts, reference, NURSE)
    assert view.is_with_their_server
    assert_ledger_verifies(sqlite_broker)


def test_a_notice_of_failure_stands_in_the_sight_of_a_person(sqlite_broker: Services) -> None:
    reference = submitted(sqlite_broker)
    mark = mark_of(dispatched(sqlite_broker))

    became = sqlite_broker.bounces.take(
        a_notice(mark, "failed", "smtp; 550 5.1.1 <prevent@...>: no such mailbox")
    )

    assert became is Became.REJECTED
    assert state_of(sqlite_broker, reference) is State.REJECTED
    assert "undelivered" in codes(sqlite_broker)
    with sqlite_broker.transaction() as tx:
        assert tx.about(reference)[-1].event["code"] == 550


@pytest.mark.parametrize(
    ("action", "state"), [("delivered", State.SENT), ("failed", State.REJECTED)]
)
def test_a_notice_settles_what_nobody_knew(
    sqlite_broker: Services, action: str, state: State
) -> None:
    reference = submitted(sqlite_broker)
    dispatched(sqlite_broker, UnknownFateError("x"))
    with sqlite_broker.transaction() as tx:
        disclosure = tx.store.disclosure(reference)
    key = sqlite_broker.dispatcher.envelopes
    mark = envelope_id_of(reference, disclosure.message_id or "", key)

    sqlite_broker.bounces.take(a_notice(mark, action))

    assert state_of(sqlite_broker, reference) is state


def forged(mark: str) -> dict[str, bytes]:
    reference, _, digest = mark.partition(".")
    return {
        "another mark": a_notice(f"{reference}.{'0' * 32}", "delivered"),
        "another reference": a_notice(f"PRV-0000-0000.{digest}", "delivered"),
        "no mark": a_notice("", "delivered"),
        "no recipient": a_notice(mark, "delivered", recipients=0),
        "no action of ours": a_notice(mark, "relayed"),
        "a letter": b"Subject: hello\r\n\r\nThank you.\r\n",
        "nothing": b"",
        "no text": bytes(range(256)),
    }


def test_what_bears_no_mark_of_ours_changes_nothing(sqlite_broker: Services) -> None:
    reference = submitted(sqlite_broker)
    mark = mark_of(dispatched(sqlite_broker))

    became = {what: sqlite_broker.bounces.take(said) for what, said in forged(mark).items()}

    assert set(became.values()) == {Became.NOT_OURS}
    assert events_of(sqlite_broker, reference) == ["sent"]


def test_a_server_that_took_it_said_so_and_denies_it_later_is_seen_by_a_person(
    sqlite_broker: Services,
) -> None:
    reference = submitted(sqlite_broker)
    mark = mark_of(dispatched(sqlite_broker))
    denied = a_notice(mark, "failed", "smtp; 554 5.7.1 message withdrawn by policy")

    became = [
        sqlite_broker.bounces.take(said) for said in (a_notice(mark, "delivered"), denied, denied)
    ]

    assert became == [Became.DELIVERED, Became.REJECTED, Became.NOTHING_NEW]
    assert events_of(sqlite_broker, reference) == ["sent", "delivered", "rejected"]
    assert state_of(sqlite_broker, reference) is State.REJECTED
    assert "undelivered" in codes(sqlite_broker)
    assert sqlite_broker.bounces.take(a_notice(mark, "delivered")) is Became.NOTHING_NEW
    assert state_of(sqlite_broker, reference) is State.REJECTED


def test_a_late_failure_takes_back_nothing_that_was_opened(sqlite_broker: Services) -> None:
    reference = submitted(sqlite_broker)
    mark = mark_of(dispatched(sqlite_broker))
    sqlite_broker.disclosures.hand_over(reference, NURSE, None)
    sqlite_broker.disclosures.acknowledge(reference, NURSE)

    assert sqlite_broker.bounces.take(a_notice(mark, "failed")) is Became.NOTHING_NEW
    assert state_of(sqlite_broker, reference) is State.ACKNOWLEDGED


def test_the_mark_of_one_message_is_no_mark_of_another(sqlite_broker: Services) -> None:
    submitted(sqlite_broker)
    submitted(sqlite_broker, "key-00000002")
    courier = dispatched(sqlite_broker)
    (first, message), (second, _) = courier.taken
    mixed = f"{first.envelope_id.partition('.')[0]}.{second.envelope_id.partition('.')[2]}"

    assert sqlite_broker.bounces.take(a_notice(mixed, "delivered")) is Became.NOT_OURS
    parsed = message_from_bytes(message, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    assert first.envelope_id not in message.decode()
