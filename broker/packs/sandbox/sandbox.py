"""The broker's side: a file goes to a process without keys, and a reading comes back, or none."""

import contextlib
import hashlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from broker.domain.errors import BrokerError
from broker.packs.attachments.kinds import Attachment, Kind, kind_named, kind_of, refuse_size
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.sandbox.answers import MAX_ANSWER, images_of, reading_of, words_of
from broker.packs.sandbox.frames import Channel, FrameError
from broker.packs.sandbox.walls import Limits, Wall

READERS = 10
"""How many files are read at a time when they are submitted; drawing is not counted among them."""

WAITING = 2
"""How many more may wait for their turn; whoever comes then is asked to come again."""

WAIT_SECONDS = 20.0
START_SECONDS = 30.0
FORKSERVER = ("-I", "-m", "broker.packs.sandbox.forkserver")
_GRACE = 5
LIMITS = Limits()
_STARTS = 2
_SHORT = 1_000

_Answer = TypeVar("_Answer")


class SandboxBusyError(BrokerError):
    """Raised when too many files are being read at this moment."""

    def __init__(self) -> None:
        """Say what to do where it is urgent."""
        super().__init__(
            "Too many files are being checked at this moment. Try again in a minute. If it is "
            "urgent, submit the pack without its files now; in immediate danger ring 999."
        )


class SandboxUnavailableError(BrokerError):
    """Raised when the process that reads files cannot be started, which is no fault of a file."""

    def __init__(self) -> None:
        """Say what to do meanwhile."""
        super().__init__(
            "The process that checks attached files cannot be started, so files cannot be taken "
            "now. Submit the pack without them, or tell the people who run the broker to look at "
            "`broker check`."
        )


class _GoneError(Exception):
    """Raised where the server of readers ended while it was needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Server:
    """A running server of readers, and the walls that it said hold."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    walls: frozenset[Wall]
    seconds: int

    @property
    def is_gone(self) -> bool:
        """Whether it ended; readers end with it."""
        try:
            return self.control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def ask(self, request: Sequence[bytes]) -> list[bytes]:
        """Return the answer of a fresh reader; raises `FrameError`, `_GoneError`."""
        deadline = time.monotonic() + self.seconds
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                try:
                    socket.send_fds(self.control, [b"1"], [theirs.fileno()])
                except OSError as error:
                    raise _GoneError from error
            channel = Channel(ours, deadline)
            try:
                channel.send(request)
                return channel.receive(MAX_ANSWER)
            except FrameError:
                if self.is_gone:
                    raise _GoneError from None
                raise

    def end(self) -> None:
        """End it with all its readers."""
        self.control.close()
        self.process.kill()
        self.process.wait()


class Sandbox:
    """Reads and draws files in processes that hold nothing; started when first needed.

    Safe to use from many threads. What it starts ends with `close`, and with this process.
    """

    def __init__(self, limits: Limits = LIMITS, program: Sequence[str] = FORKSERVER) -> None:
        """Start nothing yet; `program` are the arguments with which Python starts the readers."""
        self._limits = limits
        self._program = tuple(program)
        self._server: _Server | None = None
        self._starting = threading.Lock()
        self._turns = threading.BoundedSemaphore(READERS)
        self._places = threading.BoundedSemaphore(READERS + WAITING)

    def start(self) -> frozenset[Wall]:
        """Start now, and return the walls that were tried and hold.

        Raises `SandboxUnavailableError`.
        """
        return self._running().walls

    def inspect(self, name: str, content: bytes) -> Attachment:
        """Return a file that somebody sent as an attachment, read once for all.

        `name` serves to learn the kind and is then forgotten. Raises `AttachmentRefusedError`,
        `SandboxBusyError`, `SandboxUnavailableError`.
        """
        kind = kind_of(name, content)
        refuse_size(content)
        with self._turn():
            reading = self._asked(
                (b"inspect", kind.encode(), content), lambda answer: reading_of(kind, answer)
            )
        digest = hashlib.sha256(content).hexdigest()
        return Attachment(kind=kind, content=content, sha256=digest, reading=reading)

    def drawn(self, attachment: Attachment, budget: int) -> Attachment:
        """Return an attachment with its page images, each of at most `budget` bytes.

        Raises `AttachmentRefusedError`, `SandboxUnavailableError`.
        """
        if not attachment.pages:
            return attachment
        source = attachment.copy or attachment.content
        if attachment.kind is Kind.DOCX:
            source = b""
        images = self._asked(
            (
                *(b"draw", attachment.kind.encode(), str(budget).encode(), source),
                *attachment.reading.pictures,
            ),
            lambda answer: images_of(attachment.pages, budget, answer),
        )
        return replace(attachment, images=images)

    def written_in(self, name: str, content: bytes) -> str:
        """Return the words of a filled-in form: the text of a file, of a PDF its form fields.

        Raises as `inspect`.
        """
        kind = kind_named(name)
        refuse_size(content)
        with self._turn():
            return self._asked((b"words", kind.encode(), content), words_of)

    def close(self) -> None:
        """End what was started."""
        with self._starting:
            if self._server is not None:
                self._server.end()
                self._server = None

    def _turn(self) -> contextlib.AbstractContextManager[object]:
        with contextlib.ExitStack() as undo:
            if not self._places.acquire(blocking=False):
                raise SandboxBusyError
            undo.callback(self._places.release)
            if not self._turns.acquire(timeout=WAIT_SECONDS):
                raise SandboxBusyError
            undo.callback(self._turns.release)
            return undo.pop_all()

    def _asked(
        self, request: Sequence[bytes], understood: Callable[[Sequence[bytes]], _Answer]
    ) -> _Answer:
        """Return what a reader answered; one that died or was too slow has refused its file."""
        for _ in range(_STARTS):
            try:
                return understood(self._running().ask(request))
            except _GoneError:
                continue
            except FrameError:
                break
        raise AttachmentRefusedError(Reason.TOO_MUCH)

    def _running(self) -> _Server:
        with self._starting:
            if self._server is not None and self._server.is_gone:
                self._server.end()
                self._server = None
            if self._server is None:
                self._server = _started(self._program, self._limits)
            return self._server


def _started(program: Sequence[str], limits: Limits) -> _Server:
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603  # our own module, told a number
            [sys.executable, *program, str(theirs.fileno()), *limits.arguments()],
            pass_fds=[theirs.fileno()],
            env={},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            umask=0o077,
        )
    seconds = limits.wall + _GRACE
    server = _Server(process=process, control=ours, walls=frozenset(), seconds=seconds)
    try:
        (walls,) = Channel(ours, time.monotonic() + START_SECONDS).receive(_SHORT)
        ours.settimeout(None)
        return replace(server, walls=frozenset(map(Wall, walls.decode().split(","))))
    except (FrameError, ValueError):
        server.end()
        raise SandboxUnavailableError from None
