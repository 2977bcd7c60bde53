"""Whoever can write in the database, and has no key, makes nothing happen."""

from dataclasses import replace

import pytest
from brokers import NURSE
from callers import PACKS, a_caller
from packs import pack_bytes
from referrals import deliver, submit
from sqlalchemy import insert, update

from audit.errors import ForeignGrowthError, ForeignRowsError
from audit.log.entry_writer import write_entry
from audit.log.ledger import Ledger
from audit.log.tables import ledger_entry, stored_id
from broker.domain.references import Reference
from broker.domain.states import State
from broker.operations.installation import begin
from broker.storage import tables
from broker.wiring import Services


def grow(services: Services, event: dict[str, object]) -> None:
    """Append one entry as the database's administrator: head and all, but without a key."""
    with services.transaction.database.transaction() as connection:
        Ledger(connection, services.clock, "g-forged").append([event])


def put_behind_the_head(services: Services, event: dict[str, object]) -> None:
    with services.transaction.database.transaction() as connection:
        head = services.transaction.on(connection).ledger.head()
        stamp = {"id": "019cf684-71e8-7000-8000-00000000abcd", "ts": head.last_moment}
        entry = write_entry(
            {**event, **stamp, "gw": "g-forged", "gw_seq": 0}, head.previous_leaf, head.size
        )
        connection.execute(
            insert(ledger_entry).values(
                seq=entry.seq,
                entry=entry.raw,
                leaf=entry.leaf,
                event_id=stored_id(entry.event_id),
                reference=entry.reference,
            )
        )


def an_erasure(services: Services, reference: Reference) -> dict[str, object]:
    with services.transaction() as tx:
        case = tx.store.disclosure(reference).case
    return {"type": "erased", "ref": str(reference), "case": case, "by": "p-x", "why": "order"}


def still_opens(services: Services, reference: Reference) -> bool:
    with services.transaction() as tx:
        sent = replace(tx.store.disclosure(reference), state=State.SENT)
        return bool(tx.case_file(sent).pack().form)


def call_erased(services: Services, reference: Reference) -> None:
    """Say in the row, as the administrator, that the case is gone."""
    with services.transaction.database.transaction() as connection:
        of_it = tables.disclosure.c.reference == str(reference)
        connection.execute(update(tables.disclosure).where(of_it).values(state="erased"))


def test_nothing_is_taken_in_sent_or_signed_over_growth_that_is_not_ours(
    services: Services,
) -> None:
    waiting = submit(services)
    nurse = a_caller(services)
    before = services.checkpoints.keep().checkpoint.size
    grow(services, {"type": "expired", "ref": str(waiting)})

    answer = nurse.submit(pack_bytes(again="It is another matter."), key="key-00000077")
    with pytest.raises(ForeignGrowthError):
        services.checkpoints.keep()
    with pytest.raises(ForeignGrowthError):
        begin(services)
    services.dispatcher.dispatch()

    assert answer.status_code == 503
    assert list(services.home.pickup.iterdir()) == []
    newest = services.checkpoints.store.newest()
    assert newest is not None
    assert newest.checkpoint.size <= before + 1
    with services.transaction() as tx:
        assert tx.store.disclosure(waiting).state is State.DECIDED
        assert len(tx.store.disclosures_of(NURSE.agency, limit=9)) == 1


def test_a_forged_erasure_over_the_head_destroys_no_key(services: Services) -> None:
    reference = deliver(services)
    grow(services, an_erasure(services, reference))
    call_erased(services, reference)

    with pytest.raises(ForeignGrowthError):
        services.erasures.complete()

    assert still_opens(services, reference)


def test_a_forged_erasure_behind_the_head_destroys_no_key(services: Services) -> None:
    reference = deliver(services)
    put_behind_the_head(services, an_erasure(services, reference))
    call_erased(services, reference)

    assert services.erasures.complete() == 0
    assert still_opens(services, reference)


def test_rows_behind_the_head_stop_what_would_be_recorded_and_are_told_to_nobody(
    services: Services,
) -> None:
    reference = deliver(services)
    nurse = a_caller(services)
    told = nurse.get(f"{PACKS}/{reference}").json
    assert told is not None

    put_behind_the_head(services, an_erasure(services, reference))

    with pytest.raises(ForeignRowsError, match="still holds"):
        submit(services, "key-00000002")
    again = nurse.get(f"{PACKS}/{reference}").json
    assert again is not None
    assert again["ledger_entries"] == told["ledger_entries"]
    answer = nurse.submit(pack_bytes(again="It is another matter."), key="key-00000077")
    assert answer.status_code == 503
