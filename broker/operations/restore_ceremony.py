"""The restore ceremony: two people say which store is true, and let the ledger go on.

It is held where keystore, database and checkpoints are not of one time.
Where entries or keys are lost, it goes on under another name and with another key, so that nobody
can take it for one that lost nothing. Where nothing is, it goes on as it was.
A plan is written first, outside the database; each step may be repeated until the plan is gone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit.errors import RestoreRefusedError
from audit.format.events import LogRestored, StoresConfirmed
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.verifier_key import VerifierKey
from audit.log.files import sync_folder, write_durably
from broker.access.table import who_may
from broker.access.tokens import RESTORE_TERMS, TOKEN_LIFE
from broker.domain.errors import NotAllowedError
from broker.domain.json_values import as_array, as_object, text
from broker.domain.model import Person
from broker.ledger import events
from broker.ledger.events import Event
from broker.ledger.names import names_until
from broker.ledger.stores import Comparison, Store
from broker.wiring import Services, assemble
from keys import KeyId, Mark

_CEREMONY: Final = "broker ledger restore-ceremony"
_FORMAT: Final = "disclosure-broker/restoring/3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One of the two people, and the token that shows it, which goes on the ledger afterwards."""

    person: Person
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What the two people are shown: which stores are older, and what was `signed` last.

    `size` and `root` are the database's. With `is_renamed` entries or keys are lost, so that the
    ledger goes on under another name.
    """

    older: frozenset[Store]
    signed: Checkpoint
    size: int
    root: bytes
    is_renamed: bool


def loss(services: Services) -> Loss:
    """Return what is lost; raises `RestoreRefusedError` where no store is older than another."""
    with services.transaction() as tx:
        found = services.checkpoints.stores.compare(tx.ledger)
        if not found.older:
            raise RestoreRefusedError(
                "Neither database nor keystore nor checkpoints are older than the rest, so there "
                "is nothing to restore. Find out what is wrong: broker ledger verify"
            )
        if Store.DATABASE in found.older and not found.keys_lost:
            services.checkpoints.store.refuse_other_past(tx.ledger)
    return _loss_of(found)


def _loss_of(found: Comparison) -> Loss:
    return Loss(
        older=found.older,
        signed=found.signed,
        size=found.size,
        root=found.root,
        is_renamed=Store.DATABASE in found.older or found.keys_lost,
    )


def admit(services: Services, person: Person) -> str:
    """Return a token for a ceremony alone: nothing can be recorded before it is over.

    Raises `RestoreRefusedError` where none is needed, and `NotAllowedError`.
    """
    if not services.checkpoints.has_foreign_rows():
        loss(services)
    _refuse_role(person)
    return services.tokens.signed(person, RESTORE_TERMS)


def officer(services: Services, token: str) -> Officer:
    """Return who presents a token for the ceremony.

    Raises `TokenRefusedError`, also for a token of daily work, and `NotAllowedError`.
    """
    person = services.tokens.verify(token, RESTORE_TERMS)
    _refuse_role(person)
    return Officer(person=person, token=token)


def begin(services: Services, found: Loss, first: Officer, second: Officer) -> None:
    """Write down what two people decided, durably; `finish` does it.

    Raises `NotAllowedError` where the two are one.
    """
    refuse_one_person(first, second)
    key, said = _renaming(services, found, first, second) if found.is_renamed else (None, [])
    confirmed = StoresConfirmed(
        by=first.person.id,
        second=second.person.id,
        older=sorted(found.older),
        size=found.signed.size,
        root=found.signed.root.hex(),
    )
    plan = {
        "format": _FORMAT,
        "size": found.size,
        "root": found.root.hex(),
        "key": key,
        "events": [
            *said,
            {"id": services.signing_keys.new_event_id(), **confirmed.event()},
            *tokens_of(first, second),
        ],
    }
    write_durably(services.home.restoring, json.dumps(plan).encode())


def refuse_one_person(first: Officer, second: Officer) -> None:
    """Return if the two are two people, or raise `NotAllowedError`."""
    if first.person.id == second.person.id:
        raise NotAllowedError("The two must be different people. Ask a second one.")


def tokens_of(*officers: Officer) -> list[Event]:
    """Return the events of the tokens that people came with, recorded only now."""
    return [events.token_issued(one.person, one.token, TOKEN_LIFE, "operator") for one in officers]


def _renaming(
    services: Services, found: Loss, first: Officer, second: Officer
) -> tuple[KeyId, list[Event]]:
    """Return the key of the ledger's next name, and the event by which it gets that."""
    names = names_until(found.signed.origin, services.keystore.identity)
    # Another key as well: nobody's policy can name one key under two names.
    key, event_id = services.signing_keys.prepare_first()
    name = f"{names[0]}/{len(names) + 1}"
    restored = LogRestored(
        by=first.person.id,
        second=second.person.id,
        size=found.signed.size,
        root=found.signed.root.hex(),
        origin=name,
        vkey=str(VerifierKey(name=name, public_key=key.public_key)),
    )
    return key.kid, [{"id": event_id, **restored.event()}]


def finish(services: Services) -> VerifierKey:
    """Carry out the plan, or what a crash left of it, and return the ledger's key."""
    plan = as_object(json.loads(services.home.restoring.read_bytes()))
    said = [as_object(event) for event in as_array(plan["events"])]
    services.checkpoints.faults.forget()
    _record(services, plan, said)
    if plan["key"] is not None:
        services.keystore.supersede(KeyId(text(plan["key"])))
        services.signing_keys.end_what_the_ledger_ended()
        services.signing_keys.resume()
        _move_aside(services, text(said[0]["origin"]))
    again = assemble(services.settings, clock=services.clock)
    try:
        _confirm(again)
        again.signing_keys.resume()
        again.checkpoints.keep()
        services.home.restoring.unlink()
        sync_folder(services.home.path)
        return again.checkpoints.store.key
    finally:
        again.close()


def _confirm(services: Services) -> None:
    """Let the keystore take the database as it stands for the newest."""
    with services.transaction() as tx:
        head = tx.ledger.head()
    kept = services.checkpoints.store.newest_as_written()
    services.keystore.confirm(
        Mark(size=head.size, root=head.root, kept=0 if kept is None else kept.size)
    )


def _record(
    services: Services, plan: Mapping[str, object], said: Sequence[Mapping[str, object]]
) -> None:
    with services.transaction() as tx:
        head = tx.ledger.head()
        if tx.ledger.entry_of(text(said[0]["id"])) is not None:
            return
        if (head.size, head.root.hex()) != (plan["size"], plan["root"]):
            raise RestoreRefusedError(
                "The database is not the one that the two people saw: it changed since. Nothing "
                f"was restored. Remove {services.home.restoring} and begin the ceremony anew."
            )
        if plan["key"] is None:
            tx.append(*said)
            return
        restored, *rest = said
        tx.ledger.restore_log(restored)
        # No head under the new name may be signed by a key that the log adds only later.
        tx.append(*rest, *services.signing_keys.lost_additions(tx))


def _move_aside(services: Services, origin: str) -> None:
    """Keep the checkpoints of the name before as evidence, and begin a folder for `origin`."""
    closed = services.home.closed_checkpoints(
        len(names_until(origin, services.keystore.identity)) - 1
    )
    if not closed.exists():
        services.home.checkpoints.rename(closed)
    services.home.checkpoints.mkdir(mode=0o700, exist_ok=True)
    sync_folder(services.home.path)


def _refuse_role(person: Person) -> None:
    if person.role not in who_may(_CEREMONY).roles:
        raise NotAllowedError("A restore takes two people who are operators or Guardians.")


def read_token(path: Path) -> str:
    """Return the token in a file; raises `NotAllowedError` where it cannot be read."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotAllowedError("The token file cannot be read. Check its path.") from error
