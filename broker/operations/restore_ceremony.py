"""The restore ceremony: two people let the ledger go on after a restore that lost entries.

The ledger then goes on under another name and with another key, so that nobody can take it for
one that lost nothing.
A plan is written first, outside the database; each step may be repeated until the plan is gone.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit.errors import RestoreRefusedError
from audit.format.events import LogRestored
from audit.format.verifier_key import VerifierKey
from audit.log.checkpoint_store import Loss
from audit.log.files import sync_folder, write_durably
from broker.access.table import who_may
from broker.access.tokens import RESTORE_TERMS, TOKEN_LIFE
from broker.domain.errors import NotAllowedError
from broker.domain.json_values import as_array, as_object, text
from broker.domain.model import Person
from broker.ledger import events
from broker.ledger.names import names_until
from broker.wiring import Services, assemble
from keys import KeyId

_CEREMONY: Final = "broker ledger restore-ceremony"
_FORMAT: Final = "disclosure-broker/restoring/2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One of the two people, and the token that shows it, which goes on the ledger afterwards."""

    person: Person
    token: str


def loss(services: Services) -> Loss:
    """Return what the database lost; raises `RestoreRefusedError` where it was not restored."""
    with services.transaction() as tx:
        return services.checkpoints.store.loss(tx.ledger)


def admit(services: Services, person: Person) -> str:
    """Return a token for the ceremony alone: nothing can be recorded before it is over."""
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
    if first.person.id == second.person.id:
        raise NotAllowedError("The two must be different people. Ask a second one.")
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
    plan = {
        "format": _FORMAT,
        "size": found.size,
        "root": found.root.hex(),
        "key": key.kid,
        "events": [
            {"id": event_id, **restored.event()},
            *(
                events.token_issued(one.person, one.token, TOKEN_LIFE, "operator")
                for one in (first, second)
            ),
        ],
    }
    write_durably(services.home.restoring, json.dumps(plan).encode())


def finish(services: Services) -> VerifierKey:
    """Carry out the plan, or what a crash left of it, and return the ledger's new key."""
    plan = as_object(json.loads(services.home.restoring.read_bytes()))
    restored, *tokens = (as_object(event) for event in as_array(plan["events"]))
    _record(services, plan, restored, tokens)
    services.keystore.supersede(KeyId(text(plan["key"])))
    services.signing_keys.resume()
    _move_aside(services, text(restored["origin"]))
    again = assemble(services.settings, clock=services.clock)
    try:
        again.checkpoints.keep()
        services.home.restoring.unlink()
        sync_folder(services.home.path)
        return again.checkpoints.store.key
    finally:
        again.close()


def _record(
    services: Services,
    plan: Mapping[str, object],
    restored: Mapping[str, object],
    tokens: Sequence[Mapping[str, object]],
) -> None:
    with services.transaction() as tx:
        head = tx.ledger.head()
        if tx.ledger.entry_of(text(restored["id"])) is not None:
            return
        if (head.size, head.root.hex()) != (plan["size"], plan["root"]):
            raise RestoreRefusedError(
                "The database is not the one that the two people saw: it changed since. Nothing "
                f"was restored. Remove {services.home.restoring} and begin the ceremony anew."
            )
        tx.ledger.restore_log(restored)
        # No head under the new name may be signed by a key that the log adds only later.
        tx.append(*tokens, *services.signing_keys.lost_additions(tx))


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
