"""Asks a ClamAV daemon over its socket; every wait has an end, and no answer is never "clean".

The protocol is that of clamd(8): `zINSTREAM`, pieces each after its length in four bytes, big
endian, a length of nought; the answer ends with a zero byte.
"""

import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, unique
from typing import Final

from broker.domain.errors import BrokerError

OLDEST_SIGNATURES: Final = timedelta(days=7)
"""How old the daily signatures may be; beyond that the daemon counts as silent."""

_PIECE: Final = 65_536
_LONGEST_ANSWER: Final = 1_024
ASK_VERSION_WITHIN: Final = 3.0
"""How many seconds a daemon has to say what it is, before a file is put to it."""

_DATED: Final = re.compile(r"ClamAV [^/]*/\d+/(\w{3} \w{3} +\d{1,2} \d\d:\d\d:\d\d \d{4})")


@unique
class Why(StrEnum):
    """Why a scanner gave no verdict."""

    AWAY = "away"
    SLOW = "slow"
    HALF = "half"
    TOO_LARGE = "too-large"
    OLD = "old"


_WHY: Final = {
    Why.AWAY: "does not answer",
    Why.SLOW: "did not answer in time",
    Why.HALF: "gave no whole answer",
    Why.TOO_LARGE: "takes no file as large as this (StreamMaxLength)",
    Why.OLD: "has signatures that are older than seven days",
}


class ScannerSilentError(BrokerError):
    """Raised where a configured scanner gave no verdict: nothing with files leaves meanwhile."""

    def __init__(self, why: Why) -> None:
        """Keep the code; the words are for whoever waits."""
        self.why = why
        super().__init__(
            f"The check for malware {_WHY[why]}, so no file leaves. It is tried again by itself. "
            "If it is urgent, send the pack without its files, or ring; in danger ring 999."
        )


class MalwareFoundError(BrokerError):
    """Raised where the scanner found something in a file just before it would have left."""

    def __init__(self) -> None:
        """Say what to do; the file is never named."""
        super().__init__(
            "The check for malware found something in a file, so nothing of it leaves. Have its "
            "sender recall it and tell their own IT; then submit it without that file."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clamd:
    """A ClamAV daemon at a socket: a path, or a port of this machine as `127.0.0.1:3310`."""

    address: str

    def is_harmless(self, content: bytes, within: float) -> bool:
        """Say whether nothing was found; raises `ScannerSilentError` after `within` seconds."""
        answer = self._asked(_streamed(content), within)
        if answer == b"stream: OK":
            return True
        if answer.startswith(b"stream: ") and answer.endswith(b" FOUND"):
            return False
        too_large = answer.startswith(b"INSTREAM size limit exceeded")
        raise ScannerSilentError(Why.TOO_LARGE if too_large else Why.HALF)

    def must_be_current(self, now: datetime) -> None:
        """Return where the daemon answers and its signatures are of this week.

        Signatures of one's own alone have no day and are taken. Raises `ScannerSilentError`.
        """
        answer = self._asked(iter((b"zVERSION\0",)), ASK_VERSION_WITHIN).decode("ascii", "replace")
        if not answer.startswith("ClamAV "):
            raise ScannerSilentError(Why.HALF)
        dated = _DATED.match(answer)
        if dated is None:
            return
        made = datetime.strptime(dated[1], "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
        if now - made > OLDEST_SIGNATURES:
            raise ScannerSilentError(Why.OLD)

    def _asked(self, request: Iterator[bytes], within: float) -> bytes:
        """Return the answer to a request without its end; raises `ScannerSilentError`."""
        ends = time.monotonic() + within
        try:
            with self._connected(ends) as connection:
                _send(connection, request, ends)
                return _received(connection, ends)
        except TimeoutError:
            raise ScannerSilentError(Why.SLOW) from None
        except OSError:
            raise ScannerSilentError(Why.AWAY) from None

    def _connected(self, ends: float) -> socket.socket:
        host, _, port = self.address.rpartition(":")
        if host and port.isdecimal():
            return socket.create_connection((host, int(port)), timeout=_left(ends))
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_left(ends))
        try:
            connection.connect(self.address)
        except OSError:
            connection.close()
            raise
        return connection


def _streamed(content: bytes) -> Iterator[bytes]:
    yield b"zINSTREAM\0"
    for start in range(0, len(content), _PIECE):
        piece = content[start : start + _PIECE]
        yield len(piece).to_bytes(4, "big") + piece
    yield bytes(4)


def _send(connection: socket.socket, request: Iterator[bytes], ends: float) -> None:
    try:
        for piece in request:
            connection.settimeout(_left(ends))
            connection.sendall(piece)
    except (BrokenPipeError, ConnectionResetError):
        # It stopped listening, and may have said why.
        return


def _received(connection: socket.socket, ends: float) -> bytes:
    answer = b""
    while not answer.endswith(b"\0"):
        connection.settimeout(_left(ends))
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece or len(answer) > _LONGEST_ANSWER:
            raise ScannerSilentError(Why.HALF)
        answer += piece
    return answer[:-1]


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
