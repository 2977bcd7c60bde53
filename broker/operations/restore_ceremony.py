"""The restore ceremony: two people let the ledger go on after a restore that lost entries.

The ledger then goes on under another name, so that nobody can take it for one that lost nothing.
A plan is written first, outside the database; each step may be repeated until the plan is gone.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from audit.errors import RestoreRefusedError
from audit.format.note import VerifierKey
from audit.log.checkpoint_store import Loss
from audit.log.clock import new_event_id
from audit.log.files import sync_folder, write_durably
from broker.access.tokens import RESTORE_TERMS, TOKEN_LIFE
from broker.domain.errors import NotAllowedError
from broker.domain.json_values import items, members, text
from broker.domain.ledger_origins import names_until
from broker.ledger import events as record
from broker.wiring import Services, assemble
from keys import Purpose, Role, TokenClaims, issue

MAY_RESTORE: Final = (Role.ADMINISTRATOR, Role.GUARDIAN)
_FORMAT: Final = "disclosure-broker/restoring/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One of the two people, and the token that shows it, which goes on the ledger afterwards."""

    claims: TokenClaims
    token: str


def loss(made: Services) -> Loss:
    """Return what the database lost; raises `RestoreRefusedError` where it was not restored."""
    with made.transaction() as tx:
        return made.keeper.loss(tx.ledger)


def admit(made: Services, claims: TokenClaims) -> str:
    """Return a token for the ceremony alone: nothing can be recorded before it is over."""
    loss(made)
    _refuse_role(claims)
    signer = made.keystore.signing_key(Purpose.TOKEN)
    return issue(signer, claims, terms=RESTORE_TERMS, now=made.clock(), lifetime=TOKEN_LIFE)


def officer(made: Services, token: str) -> Officer:
    """Return who presents a token for the ceremony.

    Raises `TokenRefusedError`, also for a token of daily work, and `NotAllowedError`.
    """
    claims = made.verify_token(token, RESTORE_TERMS)
    _refuse_role(claims)
    return Officer(claims=claims, token=token)


def begin(made: Services, found: Loss, first: Officer, second: Officer) -> None:
    """Write down what two people decided, durably; `finish` does it.

    Raises `NotAllowedError` where the two are one.
    """
    if first.claims.person == second.claims.person:
        raise NotAllowedError("The two must be different people. Ask a second one.")
    names = names_until(found.signed.origin, made.keystore.identity)
    plan = {
        "format": _FORMAT,
        "size": found.size,
        "root": found.root.hex(),
        "events": [
            {
                "id": new_event_id(made.clock(), os.urandom),
                "type": "restored",
                "by": first.claims.person,
                "second": second.claims.person,
                "size": found.signed.size,
                "root": found.signed.root.hex(),
                "origin": f"{names[0]}/{len(names) + 1}",
            },
            *(
                record.token_issued(one.claims, one.token, TOKEN_LIFE, "operator")
                for one in (first, second)
            ),
        ],
    }
    write_durably(made.home.restoring, json.dumps(plan).encode())


def finish(made: Services) -> VerifierKey:
    """Carry out the plan, or what a crash left of it, and return the ledger's new key."""
    plan = members(json.loads(made.home.restoring.read_bytes()))
    restored, *tokens = (members(event) for event in items(plan["events"]))
    _record(made, plan, restored, tokens)
    _move_aside(made, text(restored["origin"]))
    again = assemble(made.settings, clock=made.clock)
    try:
        again.keep_checkpoint()
        made.home.restoring.unlink()
        sync_folder(made.home.path)
        return again.keeper.key
    finally:
        again.close()


def _record(
    made: Services,
    plan: Mapping[str, object],
    restored: Mapping[str, object],
    tokens: Sequence[Mapping[str, object]],
) -> None:
    with made.transaction() as tx:
        head = tx.ledger.head()
        if tx.ledger.entry_of(text(restored["id"])) is not None:
            return
        if (head.size, head.root.hex()) != (plan["size"], plan["root"]):
            raise RestoreRefusedError(
                "The database is not the one that the two people saw: it changed since. Nothing "
                f"was restored. Remove {made.home.restoring} and begin the ceremony anew."
            )
        tx.ledger.restore_log(restored)
        # No head under the new name may be signed by a key that the log adds only later.
        tx.record(*tokens, *made.keyring.lost_additions(tx))


def _move_aside(made: Services, origin: str) -> None:
    """Keep the checkpoints of the name before as evidence, and begin a folder for `origin`."""
    closed = made.home.closed_checkpoints(len(names_until(origin, made.keystore.identity)) - 1)
    if not closed.exists():
        made.home.checkpoints.rename(closed)
    made.home.checkpoints.mkdir(mode=0o700, exist_ok=True)
    sync_folder(made.home.path)


def _refuse_role(claims: TokenClaims) -> None:
    if claims.role not in MAY_RESTORE:
        raise NotAllowedError("A restore takes two people who are administrators or Guardians.")


def read_token(path: Path) -> str:
    """Return the token in a file; raises `NotAllowedError` where it cannot be read."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NotAllowedError("The token file cannot be read. Check its path.") from error
