"""A ledger at fault: nothing is decided, sent, told, destroyed or opened; the fault is named."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from brokers import KEEPER_OF_KEYS, NURSE, Clock, settings_for
from callers import PACKS, a_caller, refusal_of
from ceremonies import an_officer, operators
from children import Children
from ledgers import disarm
from packs import pack_bytes
from referrals import GUARDIAN, recorded, submit
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DBAPIError
from tampering import grow, put_behind_the_head, rewrite_from

from audit.errors import (
    BrokenLedgerError,
    ForeignRowsError,
    LedgerError,
    RestoreRefusedError,
    Rule,
)
from audit.log.foreign_rows import ForeignRows
from audit.log.tables import ledger_checkpoint, ledger_entry, ledger_tile
from broker.domain.errors import NotAllowedError, StoreUnavailableError
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.ledger.faults import KNOWN, LedgerFault, LedgerFaults
from broker.ledger.readings import Entrance
from broker.operations import set_aside as rows
from broker.operations.housekeeping import housekeeping
from broker.operations.installation import begin
from broker.wiring import Services, assemble


def edit_an_entry(services: Services) -> None:
    """Change what an entry says and keep the leaf hash beside it."""
    with services.transaction.database.transaction() as connection:
        disarm(connection)
        newest = select(func.max(ledger_entry.c.seq)).scalar_subquery()
        of_it = ledger_entry.c.seq == newest
        raw = connection.scalar(select(ledger_entry.c.entry).where(of_it)) or b""
        said = raw.replace(b'"by":"', b'"by":"x').replace(b'"g-', b'"h-')
        connection.execute(update(ledger_entry).where(of_it).values(entry=said))
    with pytest.raises(BrokenLedgerError):
        services.log.verified()


def append_past_the_gateway(services: Services) -> None:
    grow(services, {"type": "alive"})


def put_an_entry_behind(services: Services) -> None:
    put_behind_the_head(services, {"type": "alive"})


def put_a_tile_behind(services: Services) -> None:
    with services.transaction.database.transaction() as connection:
        connection.execute(insert(ledger_tile).values(level=0, number=7, hashes=bytes(8192)))


def put_a_head_behind(services: Services) -> None:
    with services.transaction.database.transaction() as connection:
        connection.execute(insert(ledger_checkpoint).values(size=10_000, note=b"made up"))


def rewrite_with_the_keys(services: Services) -> None:
    services.checkpoints.keep()
    rewrite_from(services, 2, holding_the_keys=True)
    with pytest.raises(LedgerError):
        services.checkpoints.keep()


DAMAGES: dict[str, tuple[Callable[[Services], None], LedgerFault]] = {
    "an entry past the gateway": (append_past_the_gateway, LedgerFault.HEAD),
    "an entry behind the head": (put_an_entry_behind, LedgerFault.ROWS),
    "a tile behind the head": (put_a_tile_behind, LedgerFault.ROWS),
    "a signed head behind the head": (put_a_head_behind, LedgerFault.ROWS),
    "an entry edited": (edit_an_entry, LedgerFault.ENTRY),
    "rewritten with the keys": (rewrite_with_the_keys, LedgerFault.SIGNED),
}


@pytest.fixture(name="damage", params=list(DAMAGES.values()), ids=list(DAMAGES))
def _damage(request: pytest.FixtureRequest) -> tuple[Callable[[Services], None], LedgerFault]:
    found: tuple[Callable[[Services], None], LedgerFault] = request.param
    return found


def sent(services: Services) -> Reference:
    reference = submit(services)
    services.dispatcher.dispatch()
    for mail in services.home.pickup.iterdir():
        mail.unlink()
    return reference


def test_nothing_is_done_and_states_and_the_fault_can_be_read(
    services: Services, damage: tuple[Callable[[Services], None], LedgerFault]
) -> None:
    told, waiting = sent(services), submit(services, "key-00000002")
    nurse, damaging = a_caller(services), damage[0]
    damaging(services)

    for answer in (
        nurse.submit(pack_bytes(again="Another matter."), key="key-00000077"),
        nurse.post(f"{PACKS}/{told}/handover"),
        nurse.post(f"{PACKS}/{waiting}/recall"),
        nurse.get(f"{PACKS}/{told}"),
    ):
        assert refusal_of(answer).slug == "ledger-at-fault"
        assert "ring 999" in (answer.json or {})["detail"]
    with pytest.raises(LedgerError):
        services.dispatcher.dispatch()
    with pytest.raises(LedgerError):
        housekeeping(services)
    with pytest.raises(LedgerError):
        services.openings.open(told, "pack", NURSE, Entrance.CLI)
    assert list(services.home.pickup.iterdir()) == []
    assert services.keystore.fields() != ()

    states = {
        one["reference"]: one["state"] for one in (nurse.get(PACKS).json or {})["disclosures"]
    }
    assert states == {str(told): "sent", str(waiting): "decided"}
    assert nurse.client.get("/healthz").status_code == 200
    ready = nurse.client.get("/readyz")
    assert ready.status_code == 503
    assert (ready.json or {})["faults"][0] == damage[1]


def test_every_fault_has_a_remedy_that_names_a_command() -> None:
    assert set(KNOWN) == set(LedgerFault)
    assert all("broker " in remedy for _, remedy in KNOWN.values())


def test_an_edited_entry_is_noticed_where_it_is_used_and_stops_the_rest(
    services: Services, clock: Clock
) -> None:
    told, other = sent(services), submit(services, "key-00000002")
    with services.transaction.database.transaction() as connection:
        disarm(connection)
        of_it = ledger_entry.c.reference == str(told)
        number = connection.scalar(select(func.min(ledger_entry.c.seq)).where(of_it))
        raw = connection.scalar(select(ledger_entry.c.entry).where(ledger_entry.c.seq == number))
        edited = (raw or b"").replace(b'"p-nurse"', b'"p-other"')
        connection.execute(
            update(ledger_entry).where(ledger_entry.c.seq == number).values(entry=edited)
        )

    # A process that has read the entry before keeps it as it was; a fresh one reads it now.
    again = assemble(settings_for(services.home.path, services.settings.database_url), clock=clock)

    with pytest.raises(BrokenLedgerError):
        again.disclosures.hand_over(told, NURSE, None)

    with pytest.raises(LedgerError, match="ledger verify"):
        services.afterwards.recalling.recall(other, NURSE)
    again.close()


def test_an_edited_entry_whose_leaf_was_kept_is_handed_to_nobody(services: Services) -> None:
    auditor = a_caller(services, role=Role.AUDITOR)
    submit(services)
    services.checkpoints.keep()
    known = services.log.raw_entries_from(0, 256, replace(NURSE, role=Role.AUDITOR))
    (number,) = (seq for seq, raw in enumerate(known) if b'"type":"decided"' in raw)
    edited = known[number].replace(b'"outcome":"permit', b'"outcome":"refuse')
    assert edited != known[number]
    with services.transaction.database.transaction() as connection:
        disarm(connection)
        of_it = ledger_entry.c.seq == number
        connection.execute(update(ledger_entry).where(of_it).values(entry=edited))

    for path in (
        f"/api/v1/ledger/entries?from={number}&count=1",
        f"/ledger/tile/entries/000.p/{len(known)}",
    ):
        answer = auditor.get(path)
        assert answer.status_code == 503
        assert b"refuse" not in answer.get_data()


def test_what_was_put_right_goes_on_after_a_whole_verification(services: Services) -> None:
    submit(services)
    services.checkpoints.keep()
    with services.transaction.database.transaction() as connection:
        newest = select(ledger_entry).order_by(ledger_entry.c.seq.desc()).limit(1)
        before = connection.execute(newest).one()
    edit_an_entry(services)
    with services.transaction.database.transaction() as connection:
        of_it = ledger_entry.c.seq == before.seq
        connection.execute(update(ledger_entry).where(of_it).values(entry=before.entry))
    with pytest.raises(LedgerError):
        submit(services, "key-00000002")

    assert services.log.verified().entries
    assert submit(services, "key-00000002").characters


def test_a_fault_that_a_full_disk_cannot_keep_is_known_to_this_process(tmp_path: Path) -> None:
    faults = LedgerFaults(tmp_path / "no-such-folder" / "ledger-fault")

    faults.note(BrokenLedgerError("It does not hold.", first_bad=3, rule=Rule.LEAF))

    assert faults.known() is LedgerFault.ENTRY


def test_a_file_that_says_nothing_certain_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "ledger-fault"
    path.write_bytes(b"{")

    assert LedgerFaults(path).known() is LedgerFault.ENTRY


def test_nothing_is_handed_over_whose_record_would_fail(services: Services) -> None:
    reference = submit(services)
    sealing = services.dispatcher._lease()
    assert sealing is not None
    services.dispatcher._do(sealing)
    with services.transaction.database.transaction() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "CREATE TRIGGER full_up BEFORE INSERT ON ledger_entry"
                " FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
            )
        else:
            connection.exec_driver_sql(
                "CREATE TRIGGER full_up BEFORE INSERT ON ledger_entry"
                " BEGIN SELECT RAISE(ABORT, 'no more'); END"
            )

    # PostgreSQL says no more than that it was not done, which ends the round.
    with suppress(StoreUnavailableError):
        services.dispatcher.dispatch()

    assert list(services.home.pickup.iterdir()) == []
    with services.transaction() as tx:
        assert tx.store.disclosure(reference).state is State.SEALED


def test_two_gateways_at_once_both_refuse_what_was_edited_between_their_steps(
    services: Services, damage: tuple[Callable[[Services], None], LedgerFault]
) -> None:
    other = assemble(
        settings_for(services.home.path, services.settings.database_url), clock=services.clock
    )
    first = submit(services)
    submit(other, "key-00000002")
    leased = services.dispatcher._lease()
    assert leased is not None
    damage[0](services)

    for gateway in (services, other):
        with pytest.raises(LedgerError):
            submit(gateway, "key-00000003")
        with pytest.raises(LedgerError):
            gateway.dispatcher.dispatch()
        with pytest.raises(LedgerError):
            gateway.afterwards.recalling.recall(first, NURSE)
    with pytest.raises(LedgerError):
        services.dispatcher._do(leased)
    assert list(services.home.pickup.iterdir()) == []
    other.close()


# Setting aside


def foreign_rows(services: Services) -> None:
    put_an_entry_behind(services)
    put_a_tile_behind(services)
    put_a_head_behind(services)


def test_two_operators_set_foreign_rows_aside_and_the_ledger_goes_on_from_its_own_head(
    services: Services,
) -> None:
    told = sent(services)
    services.checkpoints.keep()
    foreign_rows(services)
    found = rows.evidence(services)
    with pytest.raises(ForeignRowsError):
        begin(services)

    path = rows.set_aside(services, found, *operators(services))

    assert (found.count, path.read_bytes()) == (3, found.content)
    tables = [json.loads(line)["table"] for line in found.content.splitlines()]
    assert tables == ["ledger_entry", "ledger_tile", "ledger_checkpoint"]
    begin(services)
    services.checkpoints.keep()
    assert services.log.verified().entries
    with services.transaction() as tx:
        *_, foreign, first, second = [dict(one.event) for one in tx.ledger.entries()]
    assert (foreign["type"], foreign["count"], foreign["sha256"]) == ("foreign", 3, found.digest)
    assert (foreign["by"], foreign["second"]) == (first["person"], second["person"])
    assert services.disclosures.hand_over(told, NURSE, None).passphrase
    with (
        pytest.raises(DBAPIError, match="append-only"),
        services.transaction.database.engine.begin() as connection,
    ):
        connection.exec_driver_sql("UPDATE ledger_entry SET reference = NULL")


def test_it_takes_two_operators_and_the_rows_that_they_saw(services: Services) -> None:
    put_an_entry_behind(services)
    found, (one, other) = rows.evidence(services), operators(services)

    with pytest.raises(NotAllowedError, match="different people"):
        rows.set_aside(services, found, one, an_officer(services, KEEPER_OF_KEYS))
    with pytest.raises(NotAllowedError, match="two operators"):
        rows.set_aside(services, found, one, an_officer(services, GUARDIAN))
    put_a_head_behind(services)
    with pytest.raises(RestoreRefusedError, match="still writing"):
        rows.set_aside(services, found, one, other)
    assert rows.evidence(services).count == 2


def test_where_nothing_is_foreign_nothing_is_set_aside(services: Services) -> None:
    with pytest.raises(RestoreRefusedError, match="nothing to set aside"):
        rows.evidence(services)


@pytest.mark.parametrize(
    "stop",
    [
        "while-writing-the-evidence",
        "before-commit-of-token.issued",
        "after-commit-of-token.issued",
    ],
)
def test_setting_aside_that_is_killed_is_done_or_can_be_done_again(
    services: Services, stop: str
) -> None:
    foreign_rows(services)
    content = rows.evidence(services).content
    Children(services).killed_at(stop, "set-aside")

    if not stop.startswith("after"):
        with pytest.raises(ForeignRowsError):
            begin(services)
        Children(services).finished("set-aside")

    begin(services)
    (kept,) = services.home.path.glob("foreign/*.jsonl")
    assert kept.read_bytes() == content
    with services.transaction() as tx:
        assert not ForeignRows(tx.connection, tx.ledger.head().size).stand()
        types = [entry.type for entry in tx.ledger.entries()]
    assert types.count("foreign") == 1
    assert recorded(services, submit(services)) == ["received", "decided"]
