"""Keys of drafts that have no row: which of them go, and on what evidence.

That a row is absent is none: whoever has the database can take it away. A key goes where a mark of
ours says that we took its row away, where it was never given to anybody, or where two people have
since let an older database count, in which what was typed after the backup is missing.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from audit.log.known import TYPE
from broker.domain.concerns.drafts import DraftId
from broker.domain.json_values import texts
from broker.domain.times import moment_of
from broker.storage.transaction import Transaction
from keys import CaseId, Keystore, UnknownKeyError

_DAY: Final = timedelta(days=1)
_DATABASE: Final = "database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphans:
    """Keys whose draft has no row: those to destroy, those of them to record, and the rest."""

    over: frozenset[CaseId]
    recorded: frozenset[CaseId]
    missed: frozenset[CaseId]


def orphans_of(tx: Transaction, keystore: Keystore, now: datetime) -> Orphans:
    """Return the keys without a row, and forget the marks of those whose keys have gone."""
    # The keys first: a draft that is begun meanwhile has its row before its key is used.
    held = frozenset(keystore.drafts(made_before=now + _DAY))
    old = frozenset(keystore.drafts(made_before=now - _DAY))
    marked, rows = tx.drafts.gone(), tx.drafts.every()
    tx.drafts.forget_gone(marked - frozenset(map(DraftId, held)))
    alone = frozenset(key for key in held if DraftId(key) not in rows)
    removed = frozenset(key for key in alone if DraftId(key) in marked)
    waiting = (alone & old) - removed
    unused = frozenset(key for key in waiting if _is_unused(keystore, key))
    recorded = (waiting - unused) & _before_an_older_database(tx, keystore)
    over = removed | unused | recorded
    return Orphans(over=over, recorded=recorded, missed=waiting - over)


def _is_unused(keystore: Keystore, key: CaseId) -> bool:
    """Say whether a key was noted at no version: a crash came before its draft was given out."""
    with suppress(UnknownKeyError):
        return keystore.draft_key(key).version == 0
    return True


def _before_an_older_database(tx: Transaction, keystore: Keystore) -> frozenset[CaseId]:
    """Return the keys that were made before two people last put an older database back."""
    known = tx.known()
    settled = [
        *known.about(TYPE, "restored"),
        *(
            one
            for one in known.about(TYPE, "stores.confirmed")
            if _DATABASE in texts(one.event["older"])
        ),
    ]
    if not settled:
        return frozenset()
    newest = max(moment_of(one.moment) for one in settled)
    return frozenset(keystore.drafts(made_before=newest))
