"""Changes in the database, made past the triggers: each is found."""

import pytest
from ledgers import EVENT, GATEWAY, checkpoint_of, disarm
from sqlalchemy import Connection, delete, select, update

from audit.errors import BrokenLedgerError, BrokenTileError, IncompleteLedgerError, Rule
from audit.format.gateway_counters import Counters
from audit.format.merkle.tree import Frontier
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.format.notes.verifier_key import Signer, VerifierKey
from audit.log.ledger import Ledger
from audit.log.tables import ledger_entry, ledger_head, ledger_tile
from audit.log.verification import verify_database

SIZE = 8


@pytest.fixture
def kept(ledger: Ledger, signer: Signer) -> list[Checkpoint]:
    """Heads of sizes 4 and 8, of which the first lies in the database too; two more entries."""
    entries = [*ledger.entries(), *ledger.append([EVENT] * (SIZE - 1))]
    heads = [checkpoint_of(entries[:4]), checkpoint_of(entries)]
    ledger.record_checkpoint(4, sign_checkpoint(heads[0], signer))
    ledger.append([EVENT, EVENT])
    return heads


def test_a_database_as_it_was_written_holds(
    connection: Connection, kept: list[Checkpoint], key: VerifierKey
) -> None:
    report = verify_database(connection, kept, key)

    assert (report.entries, report.signed, report.checkpoints) == (SIZE + 2, SIZE, 2)


def test_a_database_without_outside_checkpoints_proves_nothing(
    connection: Connection, kept: list[Checkpoint], key: VerifierKey
) -> None:
    assert kept
    with pytest.raises(IncompleteLedgerError, match="nothing can be proved"):
        verify_database(connection, [], key)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        pytest.param(
            "UPDATE ledger_entry SET entry = CAST(replace(CAST(entry AS TEXT), 'PRV', 'PRW')"
            " AS BLOB) WHERE seq = 5",
            (5, Rule.LEAF),
            id="entry edited",
        ),
        pytest.param(
            "UPDATE ledger_entry SET entry = CAST(replace(CAST(entry AS TEXT), 'PRV', 'PRW')"
            " AS BLOB) WHERE seq = 9",
            (9, Rule.REFERENCE),
            id="entry edited that is not signed yet",
        ),
        pytest.param(
            "UPDATE ledger_entry SET entry = CAST(entry AS TEXT) WHERE seq = 5",
            (5, Rule.ENTRY),
            id="entry of another type",
        ),
        pytest.param(
            "UPDATE ledger_entry SET leaf = zeroblob(32) WHERE seq = 5",
            (5, Rule.COLUMN),
            id="leaf edited",
        ),
        pytest.param(
            "UPDATE ledger_entry SET event_id = zeroblob(16) WHERE seq = 5",
            (5, Rule.COLUMN),
            id="event id edited",
        ),
        pytest.param(
            "UPDATE ledger_entry SET event_id = hex(event_id) WHERE seq = 5",
            (5, Rule.COLUMN),
            id="event id of another type",
        ),
        pytest.param(
            "UPDATE ledger_entry SET reference = NULL WHERE seq = 5",
            (5, Rule.COLUMN),
            id="reference removed",
        ),
        pytest.param(
            "UPDATE ledger_entry SET reference = 'PRV-0000-0000' WHERE seq = 0",
            (0, Rule.COLUMN),
            id="reference added",
        ),
        pytest.param("DELETE FROM ledger_entry WHERE seq = 5", (5, Rule.NUMBER), id="removed"),
        pytest.param("DELETE FROM ledger_entry WHERE seq >= 7", (7, Rule.TAIL), id="tail cut"),
        pytest.param("DELETE FROM ledger_entry", (0, Rule.TAIL), id="all removed"),
        pytest.param(
            "UPDATE ledger_entry SET seq = 99 WHERE seq = 5", (5, Rule.NUMBER), id="renumbered"
        ),
        pytest.param(
            "UPDATE ledger_entry SET seq = 99 WHERE seq = 9",
            (9, Rule.NUMBER),
            id="last one renumbered",
        ),
        pytest.param(
            "UPDATE ledger_head SET size = size + 1", (None, Rule.HEAD), id="head's size edited"
        ),
        pytest.param(
            "UPDATE ledger_head SET origin = 'x'", (None, Rule.HEAD), id="head's name edited"
        ),
        pytest.param(
            "UPDATE ledger_head SET previous_leaf = zeroblob(32)",
            (None, Rule.HEAD),
            id="head's leaf edited",
        ),
        pytest.param(
            "UPDATE ledger_head SET frontier = x''", (None, Rule.HEAD), id="head's edge edited"
        ),
        pytest.param(
            "UPDATE ledger_head SET last_moment = ''", (None, Rule.HEAD), id="head's moment edited"
        ),
        pytest.param(
            "UPDATE ledger_head SET gateways = '{}'", (None, Rule.HEAD), id="counters edited"
        ),
        pytest.param("DELETE FROM ledger_head", (None, Rule.HEAD), id="head removed"),
        pytest.param(
            "UPDATE ledger_checkpoint SET size = 5",
            (None, Rule.CHECKPOINT),
            id="checkpoint's size edited",
        ),
        pytest.param(
            "UPDATE ledger_checkpoint SET note = x'00'",
            (None, Rule.CHECKPOINT),
            id="checkpoint's note edited",
        ),
        pytest.param(
            "UPDATE ledger_checkpoint SET note = CAST(note AS TEXT)",
            (None, Rule.CHECKPOINT),
            id="checkpoint's note of another type",
        ),
    ],
)
def test_a_change_is_found(
    connection: Connection,
    kept: list[Checkpoint],
    key: VerifierKey,
    statement: str,
    found: tuple[int | None, Rule],
) -> None:
    disarm(connection)
    connection.exec_driver_sql(statement)

    with pytest.raises(BrokenLedgerError) as caught:
        verify_database(connection, kept, key)

    assert (caught.value.first_bad, caught.value.rule) == found


@pytest.fixture
def tiled(ledger: Ledger) -> list[Checkpoint]:
    """The head of 601 entries, which fill two tiles."""
    return [checkpoint_of([*ledger.entries(), *ledger.append([EVENT] * 600)])]


@pytest.mark.parametrize(
    ("statement", "tile"),
    [
        pytest.param("DELETE FROM ledger_tile", (0, 0), id="all removed"),
        pytest.param("DELETE FROM ledger_tile WHERE number = 0", (0, 0), id="first removed"),
        pytest.param("DELETE FROM ledger_tile WHERE number = 1", (0, 1), id="second removed"),
        pytest.param(
            "UPDATE ledger_tile SET number = number + 2; "
            "UPDATE ledger_tile SET number = 3 - number",
            (0, 0),
            id="swapped",
        ),
        pytest.param(
            "UPDATE ledger_tile SET number = 2 WHERE number = 1", (0, 1), id="renumbered"
        ),
        pytest.param("UPDATE ledger_tile SET level = 1 WHERE number = 1", (0, 1), id="raised"),
        pytest.param(
            "UPDATE ledger_tile SET hashes = zeroblob(8192) WHERE number = 0",
            (0, 0),
            id="first emptied",
        ),
        pytest.param(
            "UPDATE ledger_tile SET hashes = hex(hashes) WHERE number = 1",
            (0, 1),
            id="second of another type",
        ),
        pytest.param(
            "INSERT INTO ledger_tile SELECT 0, 2, hashes FROM ledger_tile WHERE number = 1",
            (0, 2),
            id="added after the last",
        ),
        pytest.param(
            "INSERT INTO ledger_tile SELECT 0, -1, hashes FROM ledger_tile WHERE number = 1",
            (0, -1),
            id="added before the first",
        ),
        pytest.param(
            "INSERT INTO ledger_tile SELECT 1, 0, hashes FROM ledger_tile WHERE number = 1",
            (1, 0),
            id="added above",
        ),
        pytest.param(
            "INSERT INTO ledger_tile SELECT 0, 'x', hashes FROM ledger_tile WHERE number = 1",
            (0, -1),
            id="added without a number",
        ),
    ],
)
def test_a_change_of_the_tiles_is_found(
    connection: Connection,
    tiled: list[Checkpoint],
    key: VerifierKey,
    statement: str,
    tile: tuple[int, int],
) -> None:
    disarm(connection)
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = true")
    for step in statement.split("; "):
        connection.exec_driver_sql(step)

    with pytest.raises(BrokenTileError) as caught:
        verify_database(connection, tiled, key)

    assert (caught.value.level, caught.value.index) == tile
    assert (caught.value.first_bad, caught.value.rule) == (None, Rule.TILE)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("place", [0, 31, 32, 4_096, 8_191])
def test_a_changed_byte_of_a_tile_is_found(
    connection: Connection, tiled: list[Checkpoint], key: VerifierKey, number: int, place: int
) -> None:
    disarm(connection)
    row = ledger_tile.c.number == number
    changed = bytearray(connection.execute(select(ledger_tile.c.hashes).where(row)).scalar_one())
    changed[place] ^= 1
    connection.execute(update(ledger_tile).where(row).values(hashes=bytes(changed)))

    with pytest.raises(BrokenLedgerError) as caught:
        verify_database(connection, tiled, key)

    assert str(caught.value).startswith(f"The stored tile/0/00{number} is missing")
    assert (caught.value.first_bad, caught.value.rule) == (None, Rule.TILE)


@pytest.mark.long
def test_a_change_of_a_tile_of_tiles_is_found(
    connection: Connection, ledger: Ledger, key: VerifierKey
) -> None:
    kept = [checkpoint_of([*ledger.entries(), *ledger.append([EVENT] * 65_536)])]
    assert verify_database(connection, kept, key).entries == 65_537
    disarm(connection)

    for statement in (
        "UPDATE ledger_tile SET hashes = zeroblob(8192) WHERE level = 1",
        "DELETE FROM ledger_tile WHERE level = 1",
    ):
        connection.exec_driver_sql(statement)
        with pytest.raises(BrokenLedgerError) as caught:
            verify_database(connection, kept, key)
        assert str(caught.value).startswith("The stored tile/1/000 is missing")


def cut_tail(connection: Connection, ledger: Ledger, size: int) -> None:
    """Cut the log down to `size` and put the head right, as somebody would who means it."""
    edge = Frontier().extend(ledger.leaves(0, size))
    (last,) = ledger.leaves(size - 1, size)
    disarm(connection)
    connection.execute(delete(ledger_entry).where(ledger_entry.c.seq >= size))
    connection.execute(
        update(ledger_head).values(
            size=size,
            previous_leaf=last,
            frontier=edge.to_bytes(),
            last_moment="",
            gateways=str(Counters({GATEWAY: size})),
        )
    )


def test_a_tail_cut_with_the_head_put_right_is_found(
    connection: Connection, ledger: Ledger, kept: list[Checkpoint], key: VerifierKey
) -> None:
    cut_tail(connection, ledger, 7)

    with pytest.raises(BrokenLedgerError) as caught:
        verify_database(connection, kept, key)

    assert (caught.value.first_bad, caught.value.rule) == (7, Rule.TAIL)


def test_a_recomputed_database_is_found_between_two_signed_heads(
    connection: Connection, ledger: Ledger, kept: list[Checkpoint], key: VerifierKey
) -> None:
    cut_tail(connection, ledger, 6)
    ledger.append([EVENT] * 4)

    with pytest.raises(BrokenLedgerError, match="entries 4 to 7") as caught:
        verify_database(connection, kept, key)

    assert (caught.value.first_bad, caught.value.rule) == (4, Rule.CHECKPOINT)
