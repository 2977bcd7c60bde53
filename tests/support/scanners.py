"""A ClamAV daemon of Debian's with one signature of our own, and sockets that answer as told."""

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which

from missing_tools import missing

from broker.delivery.scanning import Clamd

FOUND_BY_US = b"ZZCANARY-THIS-IS-WHAT-OUR-OWN-SIGNATURE-FINDS"
"""What the daemon of these tests finds: harmless words, and nobody's malware."""

LARGEST = 1_000_000
_START_SECONDS = 30.0
_CONFIGURATION = """Foreground yes
LocalSocket {socket}
DatabaseDirectory {database}
TemporaryDirectory {folder}
StreamMaxLength {largest}
LogFile {folder}/log
"""


@contextmanager
def a_daemon(folder: Path, largest: int = LARGEST) -> Generator[Clamd]:
    """Yield a daemon that was started in `folder` with our one signature, and end it."""
    program = which("clamd") or "/usr/sbin/clamd"
    if not Path(program).exists():
        missing("clamd", "sudo apt-get install clamav-daemon")
    database, at = folder / "database", folder / "clamd.sock"
    database.mkdir(parents=True)
    (database / "own.ndb").write_text(f"Own.Canary:0:*:{FOUND_BY_US.hex()}\n")
    settings = folder / "clamd.conf"
    settings.write_text(
        _CONFIGURATION.format(socket=at, database=database, folder=folder, largest=largest)
    )
    process = subprocess.Popen(
        [program, "--config-file", str(settings)], stdout=subprocess.DEVNULL
    )
    try:
        ends = time.monotonic() + _START_SECONDS
        while not _answers(at):
            assert process.poll() is None, "clamd ended at its start"
            assert time.monotonic() < ends, "clamd did not start"
            time.sleep(0.05)
        yield Clamd(address=str(at))
    finally:
        process.terminate()
        process.wait()


def _answers(at: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(at))
        probe.sendall(b"zPING\0")
        return probe.recv(8) == b"PONG\0"
    return False


Reply = Callable[[socket.socket], None]
"""What a false daemon does with somebody who connected."""


@contextmanager
def false_daemon(folder: Path, reply: Reply) -> Iterator[Clamd]:
    """Yield a socket whose every caller is met by `reply`, each in a thread of its own."""
    at = folder / "false.sock"
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(at))
    listening.listen()

    def meet(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            reply(connection)

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=meet, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Clamd(address=str(at))
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def says(answer: bytes) -> Reply:
    """Return what reads all that is asked and answers the same to everybody."""

    def reply(connection: socket.socket) -> None:
        asked = connection.recv(65_536)
        while asked.startswith(b"zINSTREAM") and not asked.endswith(bytes(4)):
            asked += connection.recv(65_536)
        connection.sendall(answer)

    return reply
