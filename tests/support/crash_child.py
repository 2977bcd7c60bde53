"""A gateway that stops dead at one point of the flow, so that its parent can kill it there.

The product has no switch for this: the wrappers below are put around its parts from outside. It
runs in a fork of the test process (`children.py`), which stays as it was.
"""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from brokers import KEEPER_OF_KEYS, NOON, NURSE, Clock, settings_for
from ceremonies import hold_ceremony, operators
from ledgers import EVENT
from newer_writes import NEWER
from referrals import ADMINISTRATOR, APPROVED, CONCUR, DEPUTY, GUARDIAN, QUESTION, refer, submit
from register_writes import REGISTERED

import audit.log.checkpoint_store
import audit.log.ledger
import broker.delivery.dispatcher
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.format.notes.verifier_key import Signer
from audit.log.driver import DriverCursor, Row
from audit.log.ledger import Ledger
from audit.log.serving.export import export
from broker.cases.earlier.reindex import Reindexing
from broker.delivery.courier import Acceptance, Courier
from broker.delivery.message import Envelope
from broker.domain.errors import WrongStateError
from broker.domain.references import Reference, parse_any_reference, parse_reference
from broker.operations import set_aside as rows
from broker.packs.assembly import AssembledPack, Draw, PackParts, assemble_pack
from broker.retention.legal_holds import HoldRequest
from broker.storage.transaction import Transaction, Transactions
from broker.wiring import Services, assemble
from keys import FieldName, Keystore, Purpose

fsync, mkdir, rename = os.fsync, os.mkdir, os.rename
record_checkpoint = Ledger.record_checkpoint
STOP = "nowhere"
RETRIED: Mapping[str, object] = {**EVENT, "id": "019cf684-71e8-7000-8000-00000000abcd"}
"""An event that is offered again after a crash, by the identifier that it was given."""


def stop_at(point: str) -> None:
    if point == STOP:
        sys.stdout.write("stopped\n")
        sys.stdout.flush()
        time.sleep(600)


RECORDED: list[str] = []
"""What the transaction that is open has appended; each is told of once it is committed."""


def stopping_append(append: Any) -> Any:
    """Return how a transaction appends, and stops before it is committed."""

    def appended(tx: Transaction, *events: Mapping[str, object]) -> tuple[int, ...]:
        numbers: tuple[int, ...] = append(tx, *events)
        RECORDED.append(str(events[-1]["type"]))
        stop_at(f"before-commit-of-{RECORDED[-1]}")
        return numbers

    return appended


def stopping_destroy(destroy: Any) -> Any:
    """Return what follows a commit, and stops before anything is destroyed."""

    def destroyed(transactions: Transactions, doomed: Sequence[FieldName]) -> None:
        recorded, RECORDED[:] = [*RECORDED], []
        if recorded:
            stop_at(f"after-commit-of-{recorded[-1]}")
        destroy(transactions, doomed)

    return destroyed


class StoppingCursor(DriverCursor):
    """Stops after each of the statements of an append."""

    def locked_row(self, statement: str, parameters: Row = ()) -> Row | None:
        row = super().locked_row(statement, parameters)
        stop_at("with-the-head-locked")
        return row

    def change(self, statement: str, parameters: Row) -> int:
        count = super().change(statement, parameters)
        stop_at(f"after-{table_of(statement)}")
        return count

    def change_many(self, statement: str, rows: Sequence[Row]) -> None:
        super().change_many(statement, rows)
        stop_at(f"after-{table_of(statement)}")


def table_of(statement: str) -> str:
    return next(word for word in statement.split() if word.startswith("ledger_"))


def stopping_signature(checkpoint: Checkpoint, *signers: Signer) -> bytes:
    stop_at("while-signing")
    return sign_checkpoint(checkpoint, *signers)


def stopping_after(change: Any, point: str) -> Any:
    """Return a method of the keystore that stops once what it changed is durable."""

    def changed(keystore: Keystore, *given: Any, **named: Any) -> Any:
        answer = change(keystore, *given, **named)
        stop_at(point)
        return answer

    return changed


def stopping_record(ledger: Ledger, size: int, note: bytes) -> None:
    stop_at("with-a-head-kept")
    record_checkpoint(ledger, size, note)
    stop_at("with-a-head-recorded")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingCourier:
    inner: Courier
    repeatable: bool
    name: str = "pickup"

    def deliver(self, envelope: Envelope, message: bytes) -> Acceptance:
        stop_at("with-sending-marked")
        return self.inner.deliver(envelope, message)


def stopping_assembly(
    material: PackParts, receipt: bytes, passphrase: str, draw: Draw
) -> AssembledPack:
    stop_at("while-rendering")
    return assemble_pack(material, receipt, passphrase, draw)


def stopping_fsync(descriptor: Any) -> None:
    path = Path(os.path.realpath(f"/proc/self/fd/{descriptor}"))
    if path.name.endswith(".eml.new"):
        stop_at("while-writing-the-mail")
    elif path.name == ".restoring.new":
        stop_at("while-writing-the-plan")
    elif path.name == ".manifest.json.new":
        stop_at("while-writing-the-export")
    elif path.parent.name == "foreign":
        stop_at("while-writing-the-evidence")
    elif path.parent.name == "checkpoints":
        stop_at("while-keeping-a-head")
    fsync(descriptor)


def stopping_rename(source: Any, target: Any) -> None:
    exporting = str(source).endswith(".part")
    if exporting:
        stop_at("before-the-export-appears")
    rename(source, target)
    if exporting:
        stop_at("after-the-export-appeared")


def stopping_mkdir(path: Any, mode: int = 0o777) -> None:
    if os.path.basename(path) == "checkpoints":  # noqa: PTH119  # whatever kind of path it is
        stop_at("before-a-new-folder")
    mkdir(path, mode)


def with_wrappers(services: Services, *, repeatable: bool) -> Services:
    courier = StoppingCourier(inner=services.dispatcher.courier, repeatable=repeatable)
    for module, name, wrapper in (
        (Transaction, "append", stopping_append(Transaction.append)),
        (Transactions, "destroy", stopping_destroy(Transactions.destroy)),
        (audit.log.checkpoint_store, "sign_checkpoint", stopping_signature),
        (audit.log.ledger, "DriverCursor", StoppingCursor),
        (Ledger, "record_checkpoint", stopping_record),
        *(
            (Keystore, name, stopping_after(getattr(Keystore, name), "with-a-key-changed"))
            for name in ("activate", "retire", "rewrap")
        ),
        (
            Keystore,
            "note_published",
            stopping_after(Keystore.note_published, "with-a-mark-written"),
        ),
        (broker.delivery.dispatcher, "assemble_pack", stopping_assembly),
        (os, "fsync", stopping_fsync),
        (os, "mkdir", stopping_mkdir),
        (os, "rename", stopping_rename),
    ):
        setattr(module, name, wrapper)
    return replace(services, dispatcher=replace(services.dispatcher, courier=courier))


def act(services: Services, action: str, given: str | None) -> str:
    reference = parse_reference(given) if given and given != "unrepeatable" else None
    match action, reference:
        case "submit", None:
            return str(submit(services, "crash-test-key"))
        case "refer", None:
            return str(refer(services, "crash-test-key"))
        case "dispatch", None:
            with services.dispatcher.alone():
                return str(services.dispatcher.dispatch())
        case "hand-over", Reference():
            handover = services.disclosures.hand_over(reference, NURSE, "The line was cut off.")
            return json.dumps(handover.passphrase)
        case _, Reference():
            return str(afterwards(services, action, reference))
        case _:
            return about_none(services, action)


def newer(services: Services, action: str, named: str | None) -> str:
    """Do what may be done already, and is refused then or does nothing."""
    try:
        return str(NEWER[action].write(services, parse_any_reference(str(named))))
    except WrongStateError:
        return "already"


def about_none(services: Services, action: str) -> str:
    """Do what is about no disclosure."""
    if action in REGISTERED:
        return str(REGISTERED[action](services))
    writes = action in {"append", "keep", "export"}
    return str(write(services, action)) if writes else change_keys(services, action)


def write(services: Services, action: str) -> object:
    """Do one thing with the ledger alone."""
    match action:
        case "append":
            stop_at("before-the-transaction")
            with services.transaction() as tx:
                return tx.append(RETRIED)
        case "keep":
            return services.checkpoints.keep().checkpoint.size
        case "export":
            with services.transaction.database.reading() as connection:
                log = services.transaction.on(connection).ledger
                folder = services.home.path.parent / "export"
                return export(
                    log,
                    list(services.checkpoints.store.all()),
                    services.checkpoints.store.key,
                    folder,
                )
        case _:
            raise ValueError(action)


def change_keys(services: Services, action: str) -> str:
    match action:
        case "rotate":
            return services.signing_keys.rotate(Purpose.LEDGER, KEEPER_OF_KEYS).kid
        case "retire-stolen":
            *_, outgoing = services.keystore.ring(Purpose.LEDGER).signing
            return services.checkpoints.retire_key(
                outgoing.kid, KEEPER_OF_KEYS, compromised=True
            ).kid
        case "set-aside":
            return str(rows.set_aside(services, rows.evidence(services), *operators(services)))
        case "rewrap":
            services.signing_keys.rewrap(KEEPER_OF_KEYS)
            return action
        case "restore":
            return str(hold_ceremony(services))
        case "reindex":
            done = Reindexing(
                transaction=services.transaction,
                index=services.earlier.index,
                forms=services.concerns.earlier.form_of,
            ).run()
            return str(done.renewed)
        case _:
            raise ValueError(action)


def afterwards(services: Services, action: str, reference: Reference) -> object:
    match action:
        case "hold":
            claim = HoldRequest(
                owner=ADMINISTRATOR, until=NOON.date(), why="It is before the court."
            )
            return services.retention.legal_holds.hold(reference, ADMINISTRATOR, claim)
        case "erase":
            (disclosure,) = services.retention.erasures.erasable(str(reference))
            return services.retention.erasures.erase(disclosure.case, ADMINISTRATOR, "order")
        case "reply":
            services.disclosures.reply(reference, NURSE, "The teacher.")
        case "acknowledge":
            services.disclosures.acknowledge(reference, NURSE)
        case "ask":
            return services.referrals.ask(reference, GUARDIAN, QUESTION)
        case "decide":
            return services.referrals.decide(reference, GUARDIAN, APPROVED)
        case "look-back":
            return services.retrospective.look_back(reference, DEPUTY, CONCUR)
        case _:
            raise ValueError(action)
    return action


def main(home: Path, url: str, stop: str, action: str, given: str | None = None) -> None:
    """Do one action; print `stopped` and sleep at `stop`, or `finished ...` at the end."""
    global STOP  # noqa: PLW0603  # the process is made for this one stop
    STOP = stop
    services = assemble(settings_for(home, url), clock=Clock(NOON))
    wrapped = with_wrappers(services, repeatable=given != "unrepeatable")
    does = newer if action in NEWER else act
    outcome = does(wrapped, action, given)
    sys.stdout.write(f"finished {outcome}\n")
