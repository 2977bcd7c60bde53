"""An erased case: nothing opens it, the ledger stays whole, no crash and no backup undoes it."""

import sqlite3
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_broker, settings_for
from callers import PACKS, REVIEWS, a_caller, refusal_of
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

from audit.format.receipt import verify_receipt
from audit.format.trust_policy import NO_QUORUM, TrustPolicy
from audit.log.receipts import prove
from broker.delivery.pickup import PickupCourier
from broker.disclosures import views
from broker.domain.errors import KeyReusedError, UnknownReferenceError, WrongStateError
from broker.domain.model import Disclosure, State, Step
from broker.domain.references import Reference
from broker.guardian import views as guardian_views
from broker.operations.backup import backup, restore
from broker.rulebooks.lifecycle import Replayed
from broker.wiring import Services, assemble
from keys import CaseId, KeyErasedError, KeystoreUnavailableError


def disclosure_of(made: Services, reference: Reference) -> Disclosure:
    with made.transaction() as tx:
        return tx.store.disclosure(reference)


def erase(made: Services, reference: Reference) -> bool:
    (disclosure,) = made.erasures.erasable(str(reference))
    return made.erasures.erase(disclosure.case, ADMINISTRATOR, "request")


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
    "tell": lambda made, reference: views.tell(made.disclosures, made.receipts, reference, NURSE),
    "hand over": lambda made, reference: made.disclosures.hand_over(reference, NURSE, "Again."),
    "acknowledge": lambda made, reference: made.disclosures.acknowledge(reference, NURSE),
    "reply": lambda made, reference: made.disclosures.reply(reference, NURSE, "The teacher."),
    "finish": lambda made, reference: made.disclosures.finish(
        reference, NURSE, "update-the-record"
    ),
    "recall": lambda made, reference: made.disclosures.recall(reference, NURSE),
    "show": lambda made, reference: made.reviews.show(reference, GUARDIAN),
    "decide": lambda made, reference: made.reviews.decide(reference, GUARDIAN, APPROVED),
    "ask": lambda made, reference: made.reviews.ask(reference, GUARDIAN, QUESTION),
    "look back": lambda made, reference: made.hindsight.look_back(reference, DEPUTY, CONCUR),
}
"""What people could do with a disclosure before."""


def test_everybody_who_asks_is_told_that_it_was_erased(made: Services) -> None:
    reference = deliver(made)

    assert erase(made, reference)

    for act in AFTERWARDS.values():
        with pytest.raises(KeyErasedError):
            act(made, reference)


@pytest.mark.parametrize(
    "path", [f"{PACKS}/{{}}", f"{REVIEWS}/{{}}"], ids=["a sender", "a Guardian"]
)
def test_the_api_answers_that_it_is_gone(sqlite_broker: Services, path: str) -> None:
    made = sqlite_broker
    reference = refer(made)
    erase(made, reference)
    caller = guardian_calling(made) if path.startswith(REVIEWS) else a_caller(made)

    refusal = refusal_of(caller.get(path.format(reference)))

    assert (refusal.status, refusal.slug) == (410, "erased")


def test_the_bare_row_stays_and_waits_for_nobody(made: Services) -> None:
    reference = refer(made)
    before = disclosure_of(made, reference)

    erase(made, reference)

    after = disclosure_of(made, reference)
    assert after == replace(before, state=State.ERASED, due_on=None)
    queue = guardian_views.queue_of(made.reviews, made.hindsight, GUARDIAN)
    assert (queue.waiting, queue.afterwards, queue.overdue) == ((), (), ())


def test_what_was_owed_for_it_is_asked_of_nobody_any_more(made: Services, clock: Clock) -> None:
    reference = submit(made, questions__danger="imminent", questions__purpose="emergency")
    made.dispatcher.dispatch()
    assert made.hindsight.to_look_back_at(GUARDIAN)

    erase(made, reference)
    clock.now = clock.now.replace(month=5)

    assert made.hindsight.to_look_back_at(GUARDIAN) == made.hindsight.overdue(GUARDIAN) == ()


def test_a_replay_counts_it_and_an_impact_leaves_it_out(made: Services) -> None:
    gone, kept = deliver(made), submit(made, "key-00000002")

    erase(made, gone)

    assert dict(made.rulebooks.replay()) == {
        f"{gone}/1": Replayed.ERASED,
        f"{kept}/1": Replayed.SAME,
    }
    changes = made.rulebooks.impact(made.rulebook, made.rulebook)
    assert [change.id for change in changes] == [f"{kept}/1"]


def test_a_replay_that_began_before_the_erasure_goes_on(made: Services, clock: Clock) -> None:
    kept = submit(made)
    clock.now = clock.now.replace(hour=13)
    gone = submit(made, "key-00000002", questions__concern__basis=["protected-characteristic"])
    results = made.rulebooks.replay()
    first = next(results)

    erase(made, gone)

    assert [first, *results] == [
        (f"{kept}/1", Replayed.SAME),
        (f"{gone}/1", Replayed.ERASED),
    ]


def test_the_ledger_and_a_receipt_of_before_still_hold(made: Services) -> None:
    reference = deliver(made)
    kept, key = made.keep_checkpoint(), made.keeper.key
    with made.transaction() as tx:
        number = tx.ledger.entries_about(str(reference))[0].seq
        receipt = prove(tx.ledger, number, kept)

    erase(made, reference)

    assert_ledger_verifies(made)
    policy = TrustPolicy(logs=(key,), witnesses={}, groups={}, quorum=NO_QUORUM)
    assert verify_receipt(receipt, policy).entry.seq == number


def test_the_ledger_says_who_erased_which_case_and_why(made: Services) -> None:
    reference = deliver(made)

    erase(made, reference)

    with made.transaction() as tx:
        event = tx.ledger.entries_about(str(reference))[-1].event
    assert {name: event[name] for name in ("type", "by", "case", "why")} == {
        "type": "erased",
        "by": ADMINISTRATOR,
        "case": disclosure_of(made, reference).case,
        "why": "request",
    }


def test_erasing_again_changes_nothing(made: Services) -> None:
    reference = deliver(made)
    assert erase(made, reference) is True
    once, before = recorded(made, reference), disclosure_of(made, reference)

    assert erase(made, reference) is False

    assert recorded(made, reference) == once
    assert once.count("erased") == 1
    assert disclosure_of(made, reference) == before


def test_a_case_is_found_by_its_own_name_and_by_its_reference(made: Services) -> None:
    reference = submit(made, questions__concern__harm="none")
    disclosure = disclosure_of(made, reference)

    for named in (disclosure.case, str(reference), str(reference).lower().replace("-", " ")):
        assert made.erasures.erasable(named) == (disclosure,)
    for unknown in ("c-0000", "PRV-7Q4K-M2XH", "PRV"):
        with pytest.raises(UnknownReferenceError):
            made.erasures.erasable(unknown)


def test_the_key_of_a_submission_that_is_being_taken_in_is_not_destroyed(made: Services) -> None:
    case = CaseId("c-coming")
    made.keystore.new_case_key(case, made.clock())

    with pytest.raises(UnknownReferenceError):
        made.erasures.erase(case, ADMINISTRATOR, "order")

    assert case in made.keystore.cases()


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
        made = a_broker(tmp_path / "home", clock, cluster.url("own"))
        yield made, cluster
        made.close()


def left_by(made: Services, cluster: Cluster | None) -> Left:
    """Return every file of the broker, and those of a server that wrote down all it knew."""
    left = Left()
    collect(made.home.path, left)
    if cluster is not None:
        cluster.stop()
        collect(cluster.folder, left)
        cluster.start()
    return left


def test_nothing_is_left_to_open_it_or_to_guess_it_by(
    apart: tuple[Services, Cluster | None],
) -> None:
    made, cluster = apart
    reference, other = deliver(made), submit(made, "key-00000002")
    home, case = made.home.path, disclosure_of(made, reference).case
    material, wrapped = (
        made.keystore.case_key(case).material,
        wrapped_key(made.home.keystore, case),
    )
    assert files_with(home, wrapped)
    assert fields_of(made, reference) >= {"pack", "facts/1", "decision/1", "record", "sealed"}

    erase(made, reference)
    made.keep_checkpoint()

    assert fields_of(made, reference) == set()
    with made.transaction() as tx:
        assert tx.case_file(tx.store.disclosure(other)).committed("pack")
    left = left_by(made, cluster)
    # Its bare row stays, so whatever holds rows was searched.
    looked_at = " ".join(places_of(left, str(reference).encode()))
    assert f"pickup/{reference}.eml" in looked_at
    rows_lie_in = ("broker.db-wal",) if cluster is None else ("data/base/", "data/pg_wal/")
    assert all(place in looked_at for place in rows_lie_in)
    assert hits(left, *CANARIES) == []
    for secret in (material, wrapped, wrapped[12:44]):
        assert places_of(left, secret) == places_of(left, secret.hex().encode()) == []


def test_a_submission_that_is_sent_again_after_erasure_goes_nowhere(made: Services) -> None:
    reference = deliver(made, "key-00000001")
    erase(made, reference)

    with pytest.raises(KeyReusedError):
        submit(made, "key-00000001")

    with made.transaction() as tx:
        assert [one.reference for one in tx.store.all_disclosures()] == [reference]


def test_an_erased_refusal_is_not_held_against_the_next_request(made: Services) -> None:
    harmless = {"questions__concern__harm": "none"}
    erase(made, submit(made, "key-00000001", **harmless))

    again = submit(made, "key-00000002", **harmless)

    with made.transaction() as tx:
        facts = tx.case_file(tx.store.disclosure(again)).facts()
    assert isinstance(facts, dict)
    assert facts["previously_refused"] == "no"


@pytest.mark.parametrize("state", ["decided", "sealed", "deferred"])
def test_what_is_under_way_is_recalled_before_it_is_erased(
    made: Services, tmp_path: Path, state: str
) -> None:
    reference = submit(made)
    bring_to(made, tmp_path, state)
    disclosure = disclosure_of(made, reference)
    assert disclosure.state.value == state

    with pytest.raises(WrongStateError, match=f"is {state}.*Recall it first"):
        made.erasures.erasable(str(reference))
    with pytest.raises(WrongStateError, match=f"is {state}.*Recall it first"):
        made.erasures.erase(disclosure.case, ADMINISTRATOR, "order")
    made.disclosures.recall(reference, NURSE)

    assert erase(made, reference)


def test_what_waits_in_the_outbox_is_under_way_whatever_its_row_says(made: Services) -> None:
    reference = submit(made, questions__concern__harm="none")
    with made.transaction() as tx:
        tx.outbox.put(reference, Step.SEND, made.clock())

    with pytest.raises(WrongStateError, match="still under way"):
        made.erasures.erasable(str(reference))


def bring_to(made: Services, folder: Path, state: str) -> None:
    blocked = folder / "a-file-where-a-folder-should-be"
    blocked.touch()
    if state == "sealed":
        item = made.dispatcher._lease()
        assert item is not None
        made.dispatcher._do(item)
    if state == "deferred":
        replace(made.dispatcher, courier=PickupCourier(blocked)).dispatch()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_leaves_either_a_whole_case_or_an_erased_one(
    made: Services, clock: Clock, moment: str
) -> None:
    children = Children(made)
    reference = refer(made)
    case = disclosure_of(made, reference).case

    children.killed_at(f"{moment}-commit-of-erased", "erase", str(reference))
    # The key goes last, so it is there at both moments.
    assert case in made.keystore.cases()
    later = assemble(made.settings, clock=clock)
    later.begin()

    if moment == "before":
        assert later.reviews.show(reference, GUARDIAN).disclosure.case == case
    else:
        assert recorded(later, reference)[-1] == "erased"
        assert case not in later.keystore.cases()
    assert erase(later, reference) is (moment == "before")
    assert recorded(later, reference).count("erased") == 1
    assert case not in later.keystore.cases()
    assert_ledger_verifies(later)
    later.close()


def test_a_keystore_that_is_away_leaves_the_erasure_to_the_next_start(
    made: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = deliver(made)
    case = disclosure_of(made, reference).case

    def away(*_: object) -> None:
        raise KeystoreUnavailableError("away")

    with monkeypatch.context() as hindered:
        hindered.setattr("keys.keystore.store.Keystore.erase_case", away)
        with pytest.raises(KeystoreUnavailableError):
            erase(made, reference)
    assert case in made.keystore.cases()

    made.begin()

    assert case not in made.keystore.cases()
    assert made.erasures.complete() == 0


def test_a_hand_in_the_database_destroys_no_key(made: Services) -> None:
    reference = deliver(made)
    with made.transaction.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE disclosure SET state = 'erased'")

    assert made.erasures.complete() == 0

    assert disclosure_of(made, reference).case in made.keystore.cases()


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
    made: Services, clock: Clock, tmp_path: Path, second_url: str
) -> None:
    gone, kept = deliver(made, "key-00000001"), submit(made, "key-00000002")
    case = disclosure_of(made, gone).case
    wrapped = wrapped_key(made.home.keystore, case)
    older = backup(made, tmp_path / "older")
    erase(made, gone)
    newer = backup(made, tmp_path / "newer")

    settings = settings_for(tmp_path / "again", second_url)
    restore(settings, database=newer.database, keystore=older.keystore)
    again = assemble(settings, clock=clock)
    assert case in again.keystore.cases()
    again.begin()

    assert files_with(again.home.path, wrapped) == []
    assert again.keystore.cases() == (disclosure_of(again, kept).case,)
    assert recorded(again, gone).count("erased") == 1
    again.close()


def test_a_case_that_an_older_keystore_never_knew_can_be_erased(
    made: Services, clock: Clock, tmp_path: Path, second_url: str
) -> None:
    older = backup(made, tmp_path / "older")
    reference = submit(made, questions__concern__harm="none")
    newer = backup(made, tmp_path / "newer")
    settings = settings_for(tmp_path / "again", second_url)
    restore(settings, database=newer.database, keystore=older.keystore)
    again = assemble(settings, clock=clock)

    assert erase(again, reference) is True

    assert recorded(again, reference)[-1] == "erased"
    again.close()
