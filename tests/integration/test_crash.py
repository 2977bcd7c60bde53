"""Kill -9 at every point of the flow: nothing acknowledged is lost, and it goes on as it must."""

import pytest
from brokers import NOON, NURSE, Clock, settings_for
from children import Children
from newer_writes import NEWER
from referrals import assert_ledger_verifies, submit
from sqlalchemy import delete

from broker.disclosures import views
from broker.domain.errors import UnknownMailboxError
from broker.domain.references import parse_reference
from broker.domain.states import State
from broker.storage import tables
from broker.wiring import Services, assemble

SUBMITTING = ("before-commit-of-decided", "after-commit-of-decided")
SEALING = ("while-rendering", "before-commit-of-sealed", "after-commit-of-sealed")
SENDING = (
    "with-sending-marked",
    "while-writing-the-mail",
    "before-commit-of-sent",
    "after-commit-of-sent",
)
LONG = pytest.mark.long
REVEALING = ("before-commit-of-revealed", "after-commit-of-revealed")


@pytest.fixture(name="children")
def _children(services: Services) -> Children:
    return Children(services)


def state_of(services: Services, reference: str) -> State:
    with services.transaction() as tx:
        return tx.store.disclosure(parse_reference(reference)).state


def events_of(services: Services, reference: str) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.ledger.entries_about(reference)]


def all_types(services: Services) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.ledger.entries()]


@pytest.mark.parametrize("stop", SUBMITTING)
def test_a_submission_is_kept_whole_or_not_at_all(
    services: Services, children: Children, stop: str
) -> None:
    children.killed_at(stop, "submit")

    # The practitioner saw no answer and sends the same again.
    reference = children.finished("submit")

    assert events_of(services, reference) == ["received", "decided"]
    with services.transaction() as tx:
        assert len(tx.store.disclosures_of(NURSE.agency, limit=10)) == 1
    assert_ledger_verifies(services)


@pytest.mark.parametrize("stop", [*SEALING, *SENDING])
def test_an_acknowledged_submission_reaches_its_recipient(
    services: Services, children: Children, stop: str
) -> None:
    reference = children.finished("submit")

    children.killed_at(stop, "dispatch")
    children.finished("dispatch")

    assert state_of(services, reference) is State.SENT
    assert events_of(services, reference) == ["received", "decided", "sealed", "sent"]
    assert [path.name for path in services.home.pickup.glob("*.eml")] == [f"{reference}.eml"]
    assert_ledger_verifies(services)


@pytest.mark.parametrize("stop", SENDING[:3])
def test_what_may_have_gone_is_never_sent_again_by_itself(
    services: Services, children: Children, stop: str
) -> None:
    reference = children.finished("submit")

    children.killed_at(stop, "dispatch", "unrepeatable")
    children.finished("dispatch", "unrepeatable")

    assert state_of(services, reference) is State.UNKNOWN
    assert events_of(services, reference) == ["received", "decided", "sealed", "unknown"]
    assert_ledger_verifies(services)


@pytest.mark.parametrize("stop", REVEALING)
def test_a_passphrase_is_never_shown_without_being_recorded(
    services: Services, children: Children, stop: str
) -> None:
    reference = children.finished("submit")
    children.finished("dispatch")

    children.killed_at(stop, "hand-over", reference)
    shown = children.finished("hand-over", reference)

    recorded = events_of(services, reference).count("revealed")
    assert recorded == (1 if stop.startswith("before") else 2)
    assert len(shown.strip('"').split("-")) == 6
    assert_ledger_verifies(services)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("steps", "event"),
    [
        pytest.param(["ask"], "asked", id="a question"),
        pytest.param(["ask", "reply"], "replied", id="a reply"),
        pytest.param(["decide"], "decided", id="a decision"),
        pytest.param(["decide", "look-back"], "looked-back", id="an opinion"),
    ],
)
def test_what_a_guardian_does_is_kept_whole_or_not_at_all(
    services: Services, children: Children, steps: list[str], event: str, moment: str
) -> None:
    reference = children.finished("refer")
    *before, last = steps
    for step in before:
        children.finished(step, reference)
    recorded = events_of(services, reference)

    children.killed_at(f"{moment}-commit-of-{event}", last, reference)
    if moment == "before":
        assert events_of(services, reference) == recorded
        children.finished(last, reference)

    assert events_of(services, reference)[len(recorded) :][-1] == event
    assert_ledger_verifies(services)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    ("write", "event"),
    [
        pytest.param("a contact retired", "directory.changed", id="contact"),
        pytest.param("how a contact takes documents", "profile.set", id="profile", marks=LONG),
        pytest.param("a person", "role.granted", id="person"),
        pytest.param(
            "an agreement between bodies", "sharing-agreement.signed", id="agreement", marks=LONG
        ),
        pytest.param("a machine", "client-key.changed", id="machine", marks=LONG),
    ],
)
def test_a_row_of_a_register_is_kept_with_its_entry_or_not_at_all(
    services: Services, children: Children, write: str, event: str, moment: str
) -> None:
    before = all_types(services)

    children.killed_at(f"{moment}-commit-of-{event}", write)
    if moment == "before":
        assert all_types(services) == before
        assert services.log.differences() == ()
        children.finished(write)

    assert all_types(services)[len(before) :][-1] == event
    assert services.log.differences() == ()
    assert_ledger_verifies(services)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(
    "write",
    [
        pytest.param(one, marks=() if one == "sent anew" else LONG, id=one.replace(" ", "-"))
        for one in NEWER
    ],
)
def test_what_is_written_once_is_whole_or_not_there_and_no_key_goes_before_its_entry(
    services: Services, clock: Clock, children: Children, write: str, moment: str
) -> None:
    newer = NEWER[write]
    about = newer.before(services, clock)
    keys = services.keystore.cases()

    children.killed_at(f"{moment}-commit-of-{newer.event}", write, about)
    assert all_types(services).count(newer.event) == (moment == "after")
    assert services.log.differences() == ()
    assert services.keystore.cases() == keys

    children.finished(write, about)
    assert all_types(services).count(newer.event) == 1
    assert services.log.differences() == ()
    assert len(services.keystore.cases()) == len(keys) - newer.keys_gone
    assert_ledger_verifies(services)


def test_a_key_whose_case_never_came_opens_nothing_and_stays(
    services: Services, children: Children, clock: Clock
) -> None:
    children.killed_at("before-commit-of-decided", "submit")
    reference = children.finished("submit")
    clock.now = NOON.replace(day=18)

    later = assemble(settings_for(services.home.path, services.settings.database_url), clock=clock)
    with later.dispatcher.alone():
        pass

    assert len(later.keystore.cases()) == 2
    kept = parse_reference(reference)
    assert views.view_of(later.disclosures, later.receipts, kept, NURSE).entries
    later.close()


def test_a_row_that_somebody_took_away_takes_no_key_with_it(
    services: Services, clock: Clock
) -> None:
    reference = submit(services)
    with services.transaction() as tx:
        case = tx.store.disclosure(reference).case
    with services.transaction.database.transaction() as connection:
        for table in (tables.outbox, tables.duty, tables.case_field, tables.submission_key):
            connection.execute(delete(table))
        connection.execute(delete(tables.disclosure))
    clock.now = NOON.replace(day=18)

    with services.dispatcher.alone():
        pass

    assert services.keystore.cases() == (case,)


def test_what_is_not_kept_makes_no_key(services: Services) -> None:
    first = submit(services)
    assert submit(services) == first

    with pytest.raises(UnknownMailboxError):
        submit(services, key="key-00000002", recipient="nobody-at-all")

    assert len(services.keystore.cases()) == 1
