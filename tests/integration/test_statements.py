"""How often a submission asks the database, and what may be asked once alone."""

from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from brokers import NURSE, Clock, a_submission, a_token, settings_for
from callers import Caller, a_caller
from packs import a_pack
from referrals import deliver_and_note
from sqlalchemy import select
from statements import statements_of

from broker.domain.errors import StoreUnavailableError
from broker.ledger import events
from broker.retention.disposal import CLOCK
from broker.retention.memories import DueMemories
from broker.storage.statements import read
from broker.storage.tables import metadata
from broker.wiring import Services, assemble

DISCLOSURES = "/api/v1/disclosures"
STATEMENTS = 80
"""Each row that is put in counts, and each beginning and end of a transaction."""
HEADS = 6
MEMORIES = 4
FOR_A_MEMORY, FOR_A_ROUND = 8, 6
NUMBER: dict[str, Any] = {"form__individual.nhs_number": "943 476 5919"}


@pytest.fixture(name="other")
def _other(services: Services, clock: Clock) -> Generator[Services]:
    """A second gateway before the same database and keystore, which waits for no turn."""
    settings = settings_for(services.home.path, services.settings.database_url)
    other = assemble(settings, clock=clock)
    other.transaction.database.patience = 0.0
    yield other
    other.close()


def test_a_submission_makes_few_statements(sqlite_broker: Services) -> None:
    caller = a_caller(sqlite_broker, NURSE, NURSE.role)
    made = statements_of(sqlite_broker)
    caller.submit(a_pack())
    made.clear()

    answer = caller.submit(a_pack(again="Their server had lost it."), "key-00000002")

    assert answer.status_code == HTTPStatus.CREATED, answer.get_data(as_text=True)
    assert len(made) <= STATEMENTS, made
    assert sum("FROM ledger_head" in one for one in made) <= HEADS
    assert made.count("BEGIN IMMEDIATE") == 1


def test_a_round_over_memories_with_nothing_due_waits_for_no_turn_and_holds_nobody_up(
    sqlite_broker: Services, clock: Clock
) -> None:
    for number in range(1, 1 + MEMORIES):
        deliver_and_note(sqlite_broker, f"key-{number:08}", **NUMBER)
    clock.forward(timedelta(days=30))
    sqlite_broker.retention.disposals.run()
    memories, telling = (
        sqlite_broker.retention.memories,
        sqlite_broker.afterwards.memory_telling,
    )
    made = statements_of(sqlite_broker)

    with sqlite_broker.transaction():
        made.clear()
        with ThreadPoolExecutor(1) as pool:
            due = pool.submit(memories.due).result()
        looked = len(made)
        acted = (telling.tell(due.to_tell), memories.end_over(due.over, CLOCK))
        assert len(made) == looked <= MEMORIES * FOR_A_MEMORY + FOR_A_ROUND, made

    assert (due, acted) == (DueMemories(), (0, 0))
    assert not [one for one in made if one.startswith(("BEGIN IMMEDIATE", "UPDATE", "INSERT"))]


def test_the_head_stays_where_nobody_else_can_append(services: Services, other: Services) -> None:
    database = services.transaction.database
    with services.transaction() as tx:
        before = tx.known().size

        if database.is_one_file:
            with pytest.raises(StoreUnavailableError):
                a_token(other, NURSE)
        else:
            a_token(other, NURSE)

        assert tx.known().size == before + (not database.is_one_file)


def test_what_a_transaction_appends_is_known_to_it_and_what_it_takes_back_is_not(
    services: Services,
) -> None:
    said = events.alive()
    with services.transaction() as tx:
        before = tx.known().size

        tx.rehearse(said)
        assert tx.known().size == before

        tx.append(said)
        assert tx.known().size == before + 1


def test_who_looks_waits_for_nobody_who_writes(services: Services) -> None:
    caller: Caller = a_caller(services, NURSE, NURSE.role)
    reference = services.disclosures.submit(a_submission(services), NURSE)
    services.transaction.database.patience = 0.0

    with ThreadPoolExecutor(1) as pool, services.transaction() as tx:
        tx.append(events.alive())
        answer = pool.submit(caller.get, f"{DISCLOSURES}/{reference}").result()

    assert answer.status_code == HTTPStatus.OK, answer.get_data(as_text=True)


def test_the_drivers_own_cursor_reads_what_core_reads(services: Services) -> None:
    deliver_and_note(services, "key-00000001")

    with services.transaction() as tx:
        for table in metadata.sorted_tables:
            query = select(table)
            core = [{**row} for row in tx.connection.execute(query).mappings()]
            driver = [{**row} for row in read(tx.connection, query, {})]
            assert _typed(driver) == _typed(core), table.name


def _typed(rows: list[dict[str, Any]]) -> Counter[tuple[object, ...]]:
    """Return how often each row stands, no value taken for an equal one of another type."""
    return Counter(
        tuple((name, type(value).__name__, value) for name, value in row.items()) for row in rows
    )
