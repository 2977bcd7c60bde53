"""One gateway of several that append to the same ledger, until it holds so many entries.

    python racing_child.py DATABASE_URL NAME SIZE

Prints `ready`, waits for a line with the installation's key for rows, and prints how many
entries it appended.
"""

import sys
from datetime import UTC, datetime

from audit.log.ledger import Ledger
from broker.storage.database import Database
from keys import IndexKey, IndexPurpose


def now() -> datetime:
    return datetime.now(UTC)


def race(database: Database, rows: IndexKey, name: str, size: int) -> int:
    appended = 0
    while True:
        with database.transaction() as connection:
            ledger = Ledger(connection, now, f"g-{name}", authenticator=rows)
            (entry,) = ledger.append([event(name, appended)])
        appended += 1
        if entry.seq + 1 >= size:
            return appended


def event(name: str, number: int) -> dict[str, object]:
    return {"type": "sealed", **dict.fromkeys(("sha256", "message_id"), "ab" * 32)} | {
        "ref": f"PRV-0000-000{name}",
        "bytes": number,
        "pages": 1,
    }


if __name__ == "__main__":
    url, called, wanted = sys.argv[1:]
    gateway = Database(url, threads=1)
    with gateway.transaction():
        pass
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    held = IndexKey(purpose=IndexPurpose.ROWS, material=bytes.fromhex(sys.stdin.readline()))
    sys.stdout.write(f"{race(gateway, held, called, int(wanted))}\n")
