"""What a process knew of the ledger, kept in a file so that the next need not hash it all anew.

The file bears what our key makes of it, so nobody writes one for us. An older one is a true
beginning all the same: it names every entry that it knows by hash, and whoever goes on from it
hashes what came after, up to the authenticated head. One of another log leads to no head of this.
"""

import hashlib
from array import array
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Any, Final, cast

import orjson
import structlog

from audit.log.files import write_durably
from audit.log.known import Index, KnownLog, RowSaid
from broker.domain.times import Clock
from broker.ledger.faults import LedgerFaults
from broker.ledger.words import recordable
from broker.notices import Notices
from broker.settings import Home
from broker.storage.database import Database
from broker.storage.transaction import Transactions
from keys import IndexKey, IndexPurpose, Keystore

WORTH_KEEPING: Final = 5_000
"""From how many entries more on the file is written anew: a tenth of a second of hashing."""

_FORMAT: Final = b"disclosure-broker/known-log/1\n"
_DIGEST: Final = hashlib.sha256().digest_size
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSnapshot:
    """The file at `path`; `authenticator` is the key that what the database holds is known by."""

    path: Path
    authenticator: IndexKey

    def load(self) -> KnownLog:
        """Return what was known when the file was written; nothing where there is none of ours."""
        try:
            return KnownLog(self._read())
        except FileNotFoundError:
            return KnownLog()
        except (OSError, ValueError, KeyError, TypeError):
            # It only saves time, so anything else than a whole one of ours is left alone.
            _log.warning("known-log-file-unusable")
            return KnownLog()

    def learn(self, transaction: Transactions) -> None:
        """Know the whole log before the first use, and keep that for the next process.

        Raises as `Transaction.known`. A file that cannot be written is done without.
        """
        known = transaction.known_log
        before = known.size
        # A long log takes longer than a transaction may, and nobody need wait for it.
        with transaction.database.reading() as connection:
            transaction.on(connection).known()
        if known.size - before >= WORTH_KEEPING:
            with suppress(OSError):
                self._write(known.index())

    def _read(self) -> Index:
        content = self.path.read_bytes()
        mac, body = content[:_DIGEST], content[_DIGEST:]
        if not compare_digest(mac, self.authenticator.digest(body)):
            raise ValueError("not ours")
        lengths, _, rest = body.removeprefix(_FORMAT).partition(b"\n")
        said, leaves = rest[: int(lengths)], rest[int(lengths) :]
        document: dict[str, Any] = orjson.loads(said)
        index = Index(leaves=bytearray(leaves))
        for kind, keyed in cast("dict[str, dict[str, list[int]]]", document["numbers"]).items():
            index.numbers[kind].update((key, array("Q", found)) for key, found in keyed.items())
        for table, rows in cast("dict[str, dict[str, list[Any]]]", document["rows"]).items():
            for key, found in rows.items():
                index.rows[table][key] = [RowSaid(seq, mac) for seq, mac in found]
        return index

    def _write(self, index: Index) -> None:
        said = orjson.dumps(
            {
                "numbers": {
                    kind: {key: found.tolist() for key, found in keyed.items()}
                    for kind, keyed in index.numbers.items()
                },
                "rows": {
                    table: {key: [(one.seq, one.mac) for one in row] for key, row in rows.items()}
                    for table, rows in index.rows.items()
                },
            }
        )
        body = b"".join((_FORMAT, b"%d\n" % len(said), said, index.leaves))
        write_durably(self.path, self.authenticator.digest(body) + body)


def transactions_of(
    home: Home, keystore: Keystore, database: Database, faults: LedgerFaults, clock: Clock
) -> Transactions:
    """Return what opens transactions on one pair, and knows of its ledger what the file knew."""
    rows = keystore.index_key(IndexPurpose.ROWS)
    return Transactions(
        database=database,
        keystore=keystore,
        rows=rows,
        clock=clock,
        gateway=home.gateway_name,
        words=recordable,
        faults=faults,
        known_log=KnownSnapshot(path=home.known_log, authenticator=rows).load(),
        notices=Notices(path=home.notices, clock=clock),
    )
