"""How long a pack takes, what its code adds, and how soon the next step of many is found."""

import io
import os
import pickle
import resource
import statistics
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
from brokers import NURSE, Clock, a_broker, a_submission
from drawings import drawn
from measuring import Measure, duration
from PIL import Image
from sealed_packs import PASSPHRASE, REFERENCE
from sqlalchemy import insert, select, update

from broker.domain.references import new_reference
from broker.domain.times import rfc3339
from broker.packs.attachments import Attachment
from broker.packs.rendering import Enclosure, Entry, PackDocument, Section, render
from broker.packs.sealing import Original, seal
from broker.packs.sealing.mac import with_mac
from broker.storage import tables
from broker.wiring import Services

ROUNDS = 5
MILLISECONDS = 1_000
MEBIBYTE = 1 << 20
PHOTOGRAPHS = 4
SIDE = 1_600
"""Pixels of noise on each side: four such photographs are ten megabytes."""

FEW, MANY = 10, 100_000
_AT_ONCE = 5_000
DOCUMENT = PackDocument(
    reference=REFERENCE,
    title="Prevent referral",
    purpose="To ask for support",
    sender="Midshire Example Trust",
    recipient="Example Prevent Team",
    created_at=datetime(2026, 6, 24, 14, 5, tzinfo=UTC),
    contact="01632 960 001",
    sections=tuple(
        Section(
            title=f"Part {number}",
            entries=tuple(
                Entry(label=f"Field {one}", value="Made-up words. " * 30) for one in "abc"
            ),
        )
        for number in range(12)
    ),
)


def whole_pack(folder: Path) -> Measure:
    """Measure setting, sealing and proving 10 MB in a process of its own; the ratio is to 2 s.

    Files are drawn elsewhere in the product too: a process without keys does it.
    """
    attachments = [
        drawn(f"photograph-{number}.jpg", content)
        for number, content in enumerate(_photographs(), start=1)
    ]
    path = folder / "attachments"
    path.write_bytes(pickle.dumps(attachments))
    done = subprocess.run(
        [sys.executable, __file__, str(path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
        capture_output=True,
        text=True,
    )
    size, seconds, peak = (float(word) for word in done.stdout.split())
    return Measure(
        name="whole 10 MB pack / 2 s",
        ratio=seconds / 2,
        goal="<= 1.00",
        detail=f"{size / 1e6:.1f} MB of files, {seconds:.2f} s with code and check, peak "
        f"{peak / MEBIBYTE:.0f} MiB of 300",
    )


def rendering(_folder: Path) -> Measure:
    """Measure the pages of a form without files, warm; the ratio is to 150 ms."""
    render(DOCUMENT)
    took = statistics.median(duration(lambda: render(DOCUMENT)) for _ in range(ROUNDS))
    return Measure(
        name="render warm / 150 ms",
        ratio=took * MILLISECONDS / 150,
        goal="<= 1.00",
        detail=f"{took * MILLISECONDS:.0f} ms for {len(DOCUMENT.sections)} sections",
    )


def code_over_the_bytes(_folder: Path) -> Measure:
    """Measure what the code takes of a whole seal against the rest of it, and its bytes."""
    originals = _originals(_photographs())
    record = render(DOCUMENT)
    whole = statistics.median(
        duration(lambda: seal(record, originals, PASSPHRASE, REFERENCE)) for _ in range(ROUNDS)
    )
    plain = _encrypted(record, originals)
    bound = with_mac(plain, PASSPHRASE)
    alone = statistics.median(duration(lambda: with_mac(plain, PASSPHRASE)) for _ in range(ROUNDS))
    return Measure(
        name="the code / the rest of a seal",
        ratio=alone / (whole - alone),
        goal="<= 0.10",
        detail=f"{len(bound) - len(plain):,} bytes of 2,048; {alone * MILLISECONDS:.0f} ms of "
        f"{whole * MILLISECONDS:.0f} ms",
    )


def next_step_of_many(folder: Path) -> Measure:
    """Measure claiming a step while 100,000 wait against claiming one while ten do."""
    services = a_broker(folder / "home", Clock())
    services.disclosures.submit(a_submission(services), NURSE)
    _grow(services, FEW)
    few = _claiming(services)
    _grow(services, MANY)
    many = _claiming(services)
    services.close()
    return Measure(
        name="claim at 100,000 / at 10",
        ratio=many / few,
        goal="<= 1.50",
        detail=f"{many * MILLISECONDS:.1f} ms beside {few * MILLISECONDS:.1f} ms",
    )


def _claiming(services: Services) -> float:
    times: list[float] = []
    for number in range(ROUNDS * 4):
        now = services.clock() + timedelta(days=1, hours=number)

        def claim(now: datetime = now) -> None:
            with services.transaction() as tx:
                assert tx.outbox.lease(owner="bench", now=now, until=now + timedelta(minutes=1))

        times.append(duration(claim))
    return statistics.median(times)


def _grow(services: Services, count: int) -> None:
    """Have so many steps wait, each of a disclosure of its own."""
    with services.transaction.database.transaction() as connection:
        row = dict(connection.execute(select(tables.disclosure).limit(1)).mappings().one())
        step = dict(connection.execute(select(tables.outbox).limit(1)).mappings().one())
        del step["id"]
        for start in range(0, count, _AT_ONCE):
            names = [str(new_reference()) for _ in range(min(_AT_ONCE, count - start))]
            connection.execute(
                insert(tables.disclosure), [{**row, "reference": name} for name in names]
            )
            connection.execute(
                insert(tables.outbox), [{**step, "reference": name} for name in names]
            )
        connection.execute(update(tables.outbox).values(due_at=rfc3339(services.clock())))


def _photographs() -> list[bytes]:
    photographs: list[bytes] = []
    for _ in range(PHOTOGRAPHS):
        buffer = io.BytesIO()
        noise = Image.frombytes("L", (SIDE, SIDE), os.urandom(SIDE * SIDE))
        noise.save(buffer, "JPEG", quality=95)
        photographs.append(buffer.getvalue())
    return photographs


def _originals(photographs: list[bytes]) -> list[Original]:
    return [
        Original(name=f"{number:02}-attachment.jpg", content=content)
        for number, content in enumerate(photographs, start=1)
    ]


def _encrypted(record: bytes, originals: list[Original]) -> bytes:
    """Return a sealed file before its code is added, as qpdf writes it."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(record)) as document:
        for one in originals:
            document.attachments[one.name] = pikepdf.AttachedFileSpec(document, one.content)
        document.save(
            buffer,
            encryption=pikepdf.Encryption(user=PASSPHRASE, owner=os.urandom(24).hex(), R=6),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=False,
        )
    return buffer.getvalue()


def _main(path: Path) -> None:
    """Seal one pack after another, and print size, the median time and this process's peak."""
    attachments: list[Attachment] = pickle.loads(path.read_bytes())  # noqa: S301  # our own
    enclosures = tuple(Enclosure(attachment=one, carries=("Concern",)) for one in attachments)
    originals = _originals([one.copy or b"" for one in attachments])
    times = [
        duration(lambda: seal(render(DOCUMENT, enclosures), originals, PASSPHRASE, REFERENCE))
        for _ in range(ROUNDS)
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    size = sum(len(one.content) for one in originals)
    sys.stdout.write(f"{size} {statistics.median(times)} {peak}\n")


DELIVERY_MEASURES = (whole_pack, rendering, code_over_the_bytes, next_step_of_many)

if __name__ == "__main__":
    _main(Path(sys.argv[1]))
