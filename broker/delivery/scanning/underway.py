"""Files that lie with the scanner: who asks waits a little, and the scan goes on without them.

A real file may take longer than anybody should wait, and a hanging one takes for ever. What was
put to the scanner once is not put to it again: whoever comes back asks what came of it.
"""

import hashlib
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Final

from broker.delivery.scanning.clamd import Clamd, ScannerSilentError, Why

WAITED_FOR: Final = 3.0
"""How many seconds whoever sends waits for a file; then it goes on with what else is due."""

WAITED_BEHIND: Final = 0.3
"""How many seconds it waits for a file while another hangs: those after it wait no second time."""

ENDS_AFTER: Final = 60.0
"""How many seconds the scanner has for a file, with nobody waiting."""

KEPT: Final = 300.0
"""How many seconds a verdict is believed: what has several files is passed file by file."""

MOST: Final = 8
"""How many files lie with the scanner at a time; ClamAV's own daemon takes ten unless told."""


@dataclass(slots=True)
class _Scan:
    """One file with the scanner: its verdict or why there was none, and from when."""

    verdict: Future[bool] = field(default_factory=Future[bool])
    ended_at: float | None = None


class Scans:
    """The files of one process that are with its scanner, by the digest of their bytes."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._of: dict[bytes, _Scan] = {}

    def is_harmless(self, scanner: Clamd, content: bytes) -> bool:
        """Say whether nothing was found, after `WAITED_FOR` seconds at most.

        Raises `ScannerSilentError`, "slow" while it is still being looked at.
        """
        digest = hashlib.sha256(content).digest()
        scan, waits = self._joined(digest, scanner, content)
        try:
            return scan.verdict.result(waits)
        except TimeoutError:
            raise ScannerSilentError(Why.SLOW) from None
        except Exception:
            self._forget(digest, scan)
            raise

    def _joined(self, digest: bytes, scanner: Clamd, content: bytes) -> tuple[_Scan, float]:
        """Return the scan of a file, begun now unless it is, and how long to wait for it."""
        with self._lock:
            self._drop_old()
            known = self._of.get(digest)
            if known is not None:
                return known, 0.0
            hanging = sum(scan.ended_at is None for scan in self._of.values())
            if hanging >= MOST:
                raise ScannerSilentError(Why.SLOW)
            scan = self._of[digest] = _Scan()
        # Nobody's end waits for it: what was not scanned did not leave.
        threading.Thread(target=_look, args=(scan, scanner, content), daemon=True).start()
        return scan, WAITED_BEHIND if hanging else WAITED_FOR

    def _forget(self, digest: bytes, scan: _Scan) -> None:
        with self._lock:
            if self._of.get(digest) is scan:
                del self._of[digest]

    def _drop_old(self) -> None:
        oldest = time.monotonic() - KEPT
        self._of = {
            digest: scan
            for digest, scan in self._of.items()
            if scan.ended_at is None or scan.ended_at > oldest
        }


def _look(scan: _Scan, scanner: Clamd, content: bytes) -> None:
    try:
        verdict = scanner.is_harmless(content, ENDS_AFTER)
    except Exception as error:  # noqa: BLE001  # whoever asks for the verdict raises it
        scan.ended_at = time.monotonic()
        scan.verdict.set_exception(error)
    else:
        scan.ended_at = time.monotonic()
        scan.verdict.set_result(verdict)
