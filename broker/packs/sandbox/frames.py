"""What passes between the broker and a reader of hostile files: a counted list of byte strings.

    number of frames (4 bytes, big-endian), then each frame: its length (4 bytes), its bytes

Nothing is unpickled, and nothing is held that is longer than was allowed for.
"""

import socket
import struct
import time
from collections.abc import Sequence

MAX_FRAMES = 1_000
_NUMBER = struct.Struct(">I")
_PIECE = 1 << 20


class FrameError(Exception):
    """Raised where the other side ends early, sends too much or is too slow."""


class Channel:
    """One end of a socket on which lists of frames travel, until a moment of the monotonic clock.

    Without a `deadline` it waits for ever, which only the limited side does.
    """

    def __init__(self, end: socket.socket, deadline: float | None = None) -> None:
        """Use an end that the caller closes."""
        self._end = end
        self._deadline = deadline

    def send(self, frames: Sequence[bytes]) -> None:
        """Send a list of frames, or raise `FrameError`."""
        try:
            self._hurry()
            self._end.sendall(_NUMBER.pack(len(frames)))
            for frame in frames:
                self._hurry()
                self._end.sendall(_NUMBER.pack(len(frame)))
                self._end.sendall(frame)
        except OSError as error:
            raise FrameError from error

    def receive(self, most: int) -> list[bytes]:
        """Return a list of frames of at most `most` bytes in all, or raise `FrameError`."""
        count = self._number()
        if count > MAX_FRAMES:
            raise FrameError
        frames: list[bytes] = []
        for _ in range(count):
            length = self._number()
            most -= length
            if most < 0:
                raise FrameError
            frames.append(self._exactly(length))
        return frames

    def _number(self) -> int:
        number: int = _NUMBER.unpack(self._exactly(_NUMBER.size))[0]
        return number

    def _exactly(self, length: int) -> bytes:
        received = bytearray()
        while len(received) < length:
            try:
                self._hurry()
                piece = self._end.recv(min(_PIECE, length - len(received)))
            except OSError as error:
                raise FrameError from error
            if not piece:
                raise FrameError
            received += piece
        return bytes(received)

    def _hurry(self) -> None:
        if self._deadline is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise FrameError
            self._end.settimeout(left)
