"""An erased case: nothing opens it, the ledger stays whole, no crash and no backup undoes it."""

import sqlite3
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_broker, settings_for
from callers import PACKS, REVIEWS, a_caller, refusal_of
from ceremonies import hold_ceremony
from children import Children
from leftovers import Left, collect, hits, places_of
from packs import CANARIES
from postgres import Cluster, running_cluster
from referrals import (
    ADMINISTRATOR,
    APPROVED,
    CONCUR,
    DEPUTY,
    GUARDIAN,
    QUESTION,
    assert_ledger_verifies,
    deliver,
    fields_of,
    guardian_calling,
    recorded,
    refer,
    submit,
)

from audit.format.notes.trust_policy import NO_QUORUM, TrustPolicy
from audit.format.receipt import verify_receipt
from audit.log.serving.receipts import issue_receipt
from broker.delivery.pickup import PickupCourier
from broker.disclosures import views
from broker.domain.errors import KeyReusedError, UnknownReferenceError, WrongStateError
from broker.domain.model import Disclosure, Step
from broker.domain.references import Reference
from broker.domain.states import STANDS, State
from broker.guardian import views as guardian_views
from broker.ledger.readings import Entrance
from broker.operations.backup import backup, restore
from broker.operations.installation import begin
from broker.rulebooks.lifecycle import Replayed
from broker.wiring import Services, assemble
from keys import CaseId, KeyErasedError, KeystoreUnavailableError


def disclosure_of(services: Services, reference: Reference) -> Disclosure:
    with services.transaction() as tx:
        return tx.store.disclosure(reference)


def erase(services: Services, reference: Reference) -> bool:
    (disclosure,) = services.retention.erasures.erasable(str(reference))
    return services.retention.erasures.erase(disclosure.case, ADMINISTRATOR, "request")


def wrapped_key(keystore: Path, case: CaseId) -> bytes:
    """Return a case's key as the keystore's file holds it; nobody reads it any other way."""
    connection = sqlite3.connect(keystore / "keystore.db")
    query = "SELECT wrapped FROM case_key WHERE case_id = ?"
    (wrapped,) = connection.execute(query, (case,)).fetchone()
    connection.close()
    assert isinstance(wrapped, bytes)
    return wrapped


def files_with(folder: Path, content: bytes) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and content in path.read_bytes()
    ]


AFTERWARDS: dict[str, Callable[[Services, Reference], object]] = {
    "tell": lambda services, reference: views.view_of(
        services.disclosures, services.receipts, reference, NURSE
    ),
    "hand over": lambda services, reference: services.disclosures.hand_over(
        reference, NURSE, "Again."
    ),
    "acknowledge": lambda services, reference: services.disclosures.acknowledge(reference, NURSE),
    "reply": lambda services, reference: services.disclosures.reply(
        reference, NURSE, "The teacher."
    ),
    "finish": lambda services, reference: services.disclosures.finish(
        reference, NURSE, "update-the-record"
    ),
    "recall": lambda services, reference: services.afterwards.recalling.recall(reference, NURSE),
    "show": lambda services, reference: services.referrals.show(reference, GUARDIAN, Entrance.API),
    "decide": lambda services, reference: services.referrals.decide(reference, GUARDIAN, APPROVED),
    "ask": lambda services, reference: services.referrals.ask(reference, GUARDIAN, QUESTION),
    "look back": lambda services, reference: services.retrospective.look_back(
        reference, DEPUTY, CONCUR
    ),
}
"""What people could do with a disclosure before."""


def test_everybody_who_asks_is_told_that_it_was_erased(services: Services) -> None:
    reference = deliver(services)

    assert erase(services, reference)

    for act in AFTERWARDS.values():
        with pytest.raises(KeyErasedError):
            act(services, reference)


@pytest.mark.parametrize(
    "path", [f"{PACKS}/{{}}", f"{REVIEWS}/{{}}"], ids=["a sender", "a Guardian"]
)
def test_the_api_answers_that_it_is_gone(sqlite_broker: Services, path: str) -> None:
    services = sqlite_broker
    reference = refer(services)
    erase(services, reference)
    caller = guardian_calling(services) if path.startswith(REVIEWS) else a_caller(services)

    refusal = refusal_of(caller.get(path.format(reference)))

    assert (refusal.status, refusal.slug) == (410, "erased")


def test_the_bare_row_stays_and_waits_for_nobody(services: Services) -> None:
    reference = refer(services)
    before = disclosure_of(services, reference)

    erase(services, reference)

    after = disclosure_of(services, reference)
    assert after == replace(before, state=State.ERASED, due_on=None)
    queue = guardian_views.queue_of(services.referrals, services.retrospective, GUARDIAN)
    assert (queue.waiting, queue.afterwards, queue.overdue) == ((), (), ())


def test_what_was_owed_for_it_is_asked_of_nobody_any_more(
    services: Services, clock: Clock
) -> None:
    reference = submit(services, questions__danger="imminent", questions__purpose="emergency")
    services.dispatcher.dispatch()
    assert services.retrospective.to_look_back_at(GUARDIAN)

    erase(services, reference)
    clock.now = clock.now.replace(month=5)

    assert (
        services.retrospective.to_look_back_at(GUARDIAN)
        == services.retrospective.overdue(GUARDIAN)
        == ()
    )


def test_a_replay_counts_it_and_an_impact_leaves_it_out(services: Services) -> None:
    gone, kept = deliver(services), submit(services, "key-00000002")

    erase(services, gone)

    assert dict(services.rulebooks.replay()) == {
        f"{gone}/1": Replayed.ERASED,
        f"{kept}/1": Replayed.SAME,
    }
    changes = services.rulebooks.impact(
        services.rulebooks.in_force(), services.rulebooks.in_force()
    )
    assert [change.id for change in changes] == [f"{kept}/1"]


def test_a_replay_that_began_before_the_erasure_goes_on(services: Services, clock: Clock) -> None:
    kept = submit(services)
    clock.now = clock.now.replace(hour=13)
    gone = submit(services, "key-00000002", questions__concern__basis=["protected-characteristic"])
    results = services.rulebooks.replay()
    first = next(results)

    erase(services, gone)

    assert [first, *results] == [
        (f"{kept}/1", Replayed.SAME),
        (f"{gone}/1", Replayed.ERASED),
    ]


def test_the_ledger_and_a_receipt_of_before_still_hold(services: Services) -> None:
    reference = deliver(services)
    kept, key = services.checkpoints.keep(), services.checkpoints.store.key
    with services.transaction() as tx:
        number = tx.ledger.entries_about(str(reference))[0].seq
        receipt = issue_receipt(tx.ledger, number, kept)

    erase(services, reference)

    assert_ledger_verifies(services)
    policy = TrustPolicy(logs=(key,), witnesses={}, groups={}, quorum=NO_QUORUM)
    assert verify_receipt(receipt, policy).entry.seq == number


def test_the_ledger_says_who_erased_which_case_and_why(services: Services) -> None:
    reference = deliver(services)

    erase(services, reference)

    with services.transaction() as tx:
        event = tx.ledger.entries_about(str(reference))[-1].event
    assert {name: event[name] for name in ("type", "by", "case", "why")} == {
        "type": "erased",
        "by": ADMINISTRATOR,
        "case": disclosure_of(services, reference).case,
        "why": "request",
    }


def test_erasing_again_changes_nothing(services: Services) -> None:
    reference = deliver(services)
    assert erase(services, reference) is True
    once, before = recorded(services, reference), disclosure_of(services, reference)

    assert erase(services, reference) is False

    assert recorded(services, reference) == once
    assert once.count("erased") == 1
    assert disclosure_of(services, reference) == before


def test_a_case_is_found_by_its_own_name_and_by_its_reference(services: Services) -> None:
    reference = submit(services, questions__concern__harm="none")
    disclosure = disclosure_of(services, reference)

    for named in (disclosure.case, str(reference), str(reference).lower().replace("-", " ")):
        assert services.retention.erasures.erasable(named) == (disclosure,)
    for unknown in ("c-0000", "PRV-7Q4K-M2XH", "PRV"):
        with pytest.raises(UnknownReferenceError):
            services.retention.erasures.erasable(unknown)


def test_the_key_of_a_submission_that_is_being_taken_in_is_not_destroyed(
    services: Services,
) -> None:
    case = CaseId("c-coming")
    services.keystore.new_case_key(case, services.clock())

    with pytest.raises(UnknownReferenceError):
        services.retention.erasures.erase(case, ADMINISTRATOR, "order")

    assert case in services.keystore.cases()


@pytest.fixture(
    name="apart",
    params=[
        pytest.param("sqlite", id="sqlite"),
        pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
    ],
)
def _apart(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock
) -> Generator[tuple[Services, Cluster | None]]:
    """A broker, and the database server that it has for itself."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_broker"), None
        return
    request.getfixturevalue("cluster")
    with running_cluster() as cluster:
        cluster.sql("CREATE DATABASE own")
        services = a_broker(tmp_path / "home", clock, cluster.url("own"))
        yield services, cluster
        services.close()


def left_by(services: Services, cluster: Cluster | None) -> Left:
    """Return every file of the broker, and those of a server that wrote down all it knew."""
    left = Left()
    collect(services.home.path, left)
    if cluster is not None:
        cluster.stop()
        collect(cluster.folder, left)
        cluster.start()
    return left


def test_nothing_is_left_to_open_it_or_to_guess_it_by(
    apart: tuple[Services, Cluster | None],
) -> None:
    services, cluster = apart
    reference, other = deliver(services), submit(services, "key-00000002")
    home, case = services.home.path, disclosure_of(services, reference).case
    material, wrapped = (
        services.keystore.case_key(case).material,
        wrapped_key(services.home.keystore, case),
    )
    assert files_with(home, wrapped)
    assert fields_of(services, reference) >= {"pack", "facts/1", "decision/1", "record", "sealed"}

    erase(services, reference)
    services.checkpoints.keep()

    assert fields_of(services, reference) == set()
    with services.transaction() as tx:
        assert tx.case_file(tx.store.disclosure(other)).pack().form
    left = left_by(services, cluster)
    # Its bare row stays, so whatever holds rows was searched.
    looked_at = " ".join(places_of(left, str(reference).encode()))
    assert f"pickup/{reference}.eml" in looked_at
    rows_lie_in = ("broker.db-wal",) if cluster is None else ("data/base/", "data/pg_wal/")
    assert all(place in looked_at for place in rows_lie_in)
    assert hits(left, *CANARIES) == []
    for secret in (material, wrapped, wrapped[12:44]):
        assert places_of(left, secret) == places_of(left, secret.hex().encode()) == []


def test_a_submission_that_is_sent_again_after_erasure_goes_nowhere(services: Services) -> None:
    reference = deliver(services, "key-00000001")
    erase(services, reference)

    with pytest.raises(KeyReusedError):
        submit(services, "key-00000001")

    with services.transaction() as tx:
        assert [one.reference for one in tx.store.all_disclosures()] == [reference]


def test_an_erased_refusal_is_not_held_against_the_next_request(services: Services) -> None:
    harmless = {"questions__concern__harm": "none"}
    erase(services, submit(services, "key-00000001", **harmless))

    again = submit(services, "key-00000002", **harmless)

    with services.transaction() as tx:
        facts = tx.case_file(tx.store.disclosure(again)).facts()
    assert isinstance(facts, dict)
    assert facts["previously_refused"] == "no"


@pytest.mark.parametrize("state", ["decided", "sealed", "deferred"])
def test_what_is_under_way_is_recalled_before_it_is_erased(
    services: Services, tmp_path: Path, state: str
) -> None:
    reference = submit(services)
    bring_to(services, tmp_path, state)
    disclosure = disclosure_of(services, reference)
    assert disclosure.state.value == state

    with pytest.raises(
        WrongStateError, match=f"under way. {STANDS[State(state)]} Recall it first"
    ):
        services.retention.erasures.erasable(str(reference))
    with pytest.raises(
        WrongStateError, match=f"under way. {STANDS[State(state)]} Recall it first"
    ):
        services.retention.erasures.erase(disclosure.case, ADMINISTRATOR, "order")
    services.afterwards.recalling.recall(reference, NURSE)

    assert erase(services, reference)


def test_what_waits_in_the_outbox_is_under_way_whatever_its_row_says(services: Services) -> None:
    reference = submit(services, questions__concern__harm="none")
    with services.transaction() as tx:
        tx.outbox.put(reference, Step.SEND, services.clock())

    with pytest.raises(WrongStateError, match="still under way"):
        services.retention.erasures.erasable(str(reference))


def bring_to(services: Services, folder: Path, state: str) -> None:
    blocked = folder / "a-file-where-a-folder-should-be"
    blocked.touch()
    if state == "sealed":
        item = services.dispatcher._lease()
        assert item is not None
        services.dispatcher._do(item)
    if state == "deferred":
        replace(services.dispatcher, courier=PickupCourier(blocked)).dispatch()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_leaves_either_a_whole_case_or_an_erased_one(
    services: Services, clock: Clock, moment: str
) -> None:
    children = Children(services)
    reference = refer(services)
    case = disclosure_of(services, reference).case

    children.killed_at(f"{moment}-commit-of-erased", "erase", str(reference))
    # The key goes last, so it is there at both moments.
    assert case in services.keystore.cases()
    later = assemble(services.settings, clock=clock)
    begin(later)

    if moment == "before":
        assert later.referrals.show(reference, GUARDIAN, Entrance.API).disclosure.case == case
    else:
        assert recorded(later, reference)[-1] == "erased"
        assert case not in later.keystore.cases()
    assert erase(later, reference) is (moment == "before")
    assert recorded(later, reference).count("erased") == 1
    assert case not in later.keystore.cases()
    assert_ledger_verifies(later)
    later.close()


def test_a_keystore_that_is_away_leaves_the_erasure_to_the_next_start(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = deliver(services)
    case = disclosure_of(services, reference).case

    def away(*_: object) -> None:
        raise KeystoreUnavailableError("away")

    with monkeypatch.context() as hindered:
        hindered.setattr("keys.keystore.store.Keystore.erase_case", away)
        with pytest.raises(KeystoreUnavailableError):
            erase(services, reference)
    assert case in services.keystore.cases()

    begin(services)

    assert case not in services.keystore.cases()
    assert services.retention.erasures.complete() == 0


def test_a_hand_in_the_database_destroys_no_key(services: Services) -> None:
    reference = deliver(services)
    with services.transaction.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE disclosure SET state = 'erased'")

    assert services.retention.erasures.complete() == 0

    assert disclosure_of(services, reference).case in services.keystore.cases()


@pytest.fixture(name="second_url")
def _second_url(
    tmp_path: Path, request: pytest.FixtureRequest, database_url: str
) -> Generator[str]:
    """A second database of the same kind, to restore into."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'again' / 'broker.db'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    cluster.sql("CREATE DATABASE second")
    yield cluster.url("second")
    cluster.sql("DROP DATABASE second WITH (FORCE)")


def test_an_older_keystore_that_is_put_back_loses_the_erased_keys_at_once(
    services: Services, clock: Clock, tmp_path: Path, second_url: str
) -> None:
    gone, kept = deliver(services, "key-00000001"), submit(services, "key-00000002")
    case = disclosure_of(services, gone).case
    wrapped = wrapped_key(services.home.keystore, case)
    older = backup(services, tmp_path / "older")
    erase(services, gone)
    newer = backup(services, tmp_path / "newer")

    settings = settings_for(tmp_path / "again", second_url)
    restore(settings, database=newer.database, keystore=older.keystore)
    again = assemble(settings, clock=clock)
    assert case in again.keystore.cases()
    hold_ceremony(again)
    begin(again)

    assert files_with(again.home.path, wrapped) == []
    assert again.keystore.cases() == (disclosure_of(again, kept).case,)
    assert recorded(again, gone).count("erased") == 1
    again.close()


def test_a_case_that_an_older_keystore_never_knew_can_be_erased(
    services: Services, clock: Clock, tmp_path: Path, second_url: str
) -> None:
    older = backup(services, tmp_path / "older")
    reference = submit(services, questions__concern__harm="none")
    newer = backup(services, tmp_path / "newer")
    settings = settings_for(tmp_path / "again", second_url)
    restore(settings, database=newer.database, keystore=older.keystore)
    again = assemble(settings, clock=clock)

    assert erase(again, reference) is True

    assert recorded(again, reference)[-1] == "erased"
    again.close()
