"""One pack that fails or takes long holds up no other, and an emergency waits behind nothing."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from brokers import NURSE, Clock, read_here
from packs import with_attachment

from broker.delivery.courier import Acceptance
from broker.delivery.dispatcher import Dispatcher
from broker.delivery.message import Envelope
from broker.domain.references import Reference
from broker.domain.states import State
from broker.intake.submissions import submission_of
from broker.packs.assembly import Draw
from broker.packs.attachments import Attachment, AttachmentRefusedError, Reason
from broker.wiring import Services

EMERGENCY = {"questions__danger": "imminent", "questions__purpose": "emergency"}
WITH_A_NOTE = {"attachments": with_attachment("note.txt", "concerns.description")}


@dataclass(slots=True)
class Noting:
    """A courier that takes everything and remembers the order."""

    name: str = "pickup"
    repeatable: bool = True
    taken: list[Reference] = field(default_factory=list[Reference])

    def deliver(self, envelope: Envelope, message: bytes) -> Acceptance:
        assert message
        self.taken.append(envelope.reference)
        return Acceptance(tls="none")


def submitted(services: Services, key: str, **changes: Any) -> Reference:
    """Submit a pack of which no two are alike, so that none stands for another."""
    changes.setdefault("form__concerns.source", f"Seen by the referrer, note {key}.")
    files = {"note.txt": b"Words of a made-up note."} if "attachments" in changes else {}
    submission = submission_of(
        read_here(services, **changes),
        files,
        key,
        services.idempotency,
        services.sandbox.inspect,
    )
    return services.disclosures.submit(submission, NURSE)


def state_of(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        return tx.store.disclosure(reference).state


def a_dispatcher(services: Services, courier: Noting, draw: Draw) -> Dispatcher:
    return replace(services.dispatcher, courier=courier, draw=draw)


def raising(error: Exception) -> Draw:
    def draw(_attachment: Attachment, _budget: int) -> Attachment:
        raise error

    return draw


def test_emergencies_go_before_whatever_waits_longer(services: Services, clock: Clock) -> None:
    courier = Noting()
    first, second = (submitted(services, f"key-0000000{n}") for n in (1, 2))
    clock.forward(timedelta(seconds=1))
    emergency = submitted(services, "key-00000003", **EMERGENCY)

    a_dispatcher(services, courier, services.sandbox.drawn).dispatch()

    assert courier.taken == [emergency, first, second]


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(AttachmentRefusedError(Reason.TOO_MUCH), id="a reader that died"),
        pytest.param(MemoryError(), id="no memory"),
        pytest.param(RecursionError(), id="recursion"),
        pytest.param(KeyError("x"), id="a missing part"),
    ],
)
def test_a_pack_that_fails_is_postponed_and_counted_and_the_others_go(
    services: Services, clock: Clock, error: Exception
) -> None:
    courier = Noting()
    dispatcher = a_dispatcher(services, courier, raising(error))
    failing = submitted(services, "key-00000001", **WITH_A_NOTE)
    other = submitted(services, "key-00000002")

    for _ in range(6):
        dispatcher.dispatch()
        clock.forward(timedelta(hours=2))

    assert courier.taken == [other]
    assert state_of(services, failing) is State.DECIDED
    with services.transaction() as tx:
        assert tx.outbox.stuck() == (failing,)


def test_no_transaction_is_open_while_attachments_are_drawn(services: Services) -> None:
    submitted(services, "key-00000001", **WITH_A_NOTE)
    drawn: list[Attachment] = []

    def draw(attachment: Attachment, budget: int) -> Attachment:
        with services.transaction() as tx:  # refused where this thread has one already
            tx.outbox.size()
        drawn.append(attachment)
        return services.sandbox.drawn(attachment, budget)

    a_dispatcher(services, Noting(), draw).dispatch()

    assert len(drawn) == 1


def test_an_emergency_waits_behind_no_pack_that_takes_long(services: Services) -> None:
    courier, busy, over = Noting(), threading.Event(), threading.Event()
    slow = submitted(services, "key-00000001", **WITH_A_NOTE)

    def draw(attachment: Attachment, budget: int) -> Attachment:
        busy.set()
        assert over.wait(60)
        return services.sandbox.drawn(attachment, budget)

    dispatcher = a_dispatcher(services, courier, draw)
    beside = threading.Thread(target=dispatcher.dispatch)
    beside.start()
    assert busy.wait(60)
    emergency = submitted(services, "key-00000002", **EMERGENCY)

    dispatcher.dispatch(emergencies_only=True)

    assert courier.taken == [emergency]
    over.set()
    beside.join(60)
    assert courier.taken == [emergency, slow]


def test_the_lane_of_emergencies_leaves_the_rest(services: Services) -> None:
    courier = Noting()
    submitted(services, "key-00000001")

    assert (
        a_dispatcher(services, courier, services.sandbox.drawn).dispatch(emergencies_only=True)
        == 0
    )
    assert courier.taken == []


def test_what_its_dispatcher_died_of_is_counted_and_comes_last(
    services: Services, clock: Clock
) -> None:
    courier = Noting()
    deadly = submitted(services, "key-00000001")
    with services.transaction() as tx:
        tx.outbox.lease(
            owner=services.home.gateway_name, now=clock(), until=clock() + timedelta(minutes=5)
        )
    clock.forward(timedelta(seconds=1))
    other = submitted(services, "key-00000002")
    dispatcher = a_dispatcher(services, courier, services.sandbox.drawn)

    dispatcher.resume()
    dispatcher.dispatch()

    assert courier.taken == [other, deadly]


def test_a_file_is_read_once_and_kept_with_what_was_read(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = submitted(services, "key-00000001", **WITH_A_NOTE)
    monkeypatch.setattr(type(services.sandbox), "inspect", _never)
    courier = Noting()

    a_dispatcher(services, courier, services.sandbox.drawn).dispatch()

    assert courier.taken == [reference]


_never: Callable[..., Attachment] = raising(AssertionError())
