"""Files go by the scanner when they come in, and once more just before they leave."""

import time
from dataclasses import replace
from typing import Final

import structlog

from broker.delivery.scanning.clamd import Clamd, MalwareFoundError, ScannerSilentError, Why
from broker.delivery.scanning.underway import Scans
from broker.domain.times import Clock
from broker.packs.attachments.kinds import Attachment
from broker.packs.attachments.refusals import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import Remark
from broker.packs.sandbox import Sandbox

_log = structlog.get_logger()

AT_THE_DOOR: Final = 3.0
"""How many seconds somebody who sends files waits for the scanner; then the pack waits for it."""

NOT_ASKED_FOR: Final = 10.0
"""How many seconds a scanner that was slow is not asked, for whoever comes next.

A pack's second file would wait as long as its first. Each is scanned before it leaves anyway,
and a daemon that does not even say what it is would hold each pack with files once more.
"""


def sandbox_of(clamd: str | None, clock: Clock) -> "ScanningSandbox":
    """Return the sandbox of an installation whose scanner, if any, listens at `clamd`."""
    return ScanningSandbox(None if clamd is None else Clamd(address=clamd), clock)


class ScanningSandbox(Sandbox):
    """A sandbox that asks a scanner, where there is one, and says so where there is none."""

    def __init__(self, scanner: Clamd | None, clock: Clock) -> None:
        """Ask `scanner`; None says that nobody checks for malware here."""
        super().__init__()
        self.scanner = scanner
        self._clock = clock
        self._slow_until = 0.0
        self._silent_until = 0.0
        self._scans = Scans()

    def inspect(self, name: str, content: bytes) -> Attachment:
        """Return a file as an attachment, with a remark where it was not scanned.

        What the scanner finds is refused; where it is silent the file is taken and waits. Raises
        as `Sandbox.inspect`.
        """
        found = super().inspect(name, content)
        remark = self._scanned(content)
        if remark is None:
            return found
        reading = replace(found.reading, remarks=(*found.reading.remarks, remark))
        return replace(found, reading=reading)

    def cleared(self, attachment: Attachment, budget: int) -> Attachment:
        """Return an attachment with its page images, once the scanner has passed it.

        It waits a few seconds at most; the scan goes on and is asked for when the pack's turn
        comes again. Raises `ScannerSilentError`, `MalwareFoundError`, and as `Sandbox.drawn`.
        """
        if self.scanner is not None:
            self._must_be_current(self.scanner)
            leaves = {attachment.content, attachment.copy or b""} - {b""}
            if not all(self._scans.is_harmless(self.scanner, one) for one in leaves):
                raise MalwareFoundError
        return self.drawn(attachment, budget)

    def _must_be_current(self, scanner: Clamd) -> None:
        """Ask what it is, once for all that waits: a daemon that says nothing passes no file."""
        if time.monotonic() < self._silent_until:
            raise ScannerSilentError(Why.SLOW)
        try:
            scanner.must_be_current(self._clock())
        except ScannerSilentError as error:
            if error.why is Why.SLOW:
                self._silent_until = time.monotonic() + NOT_ASKED_FOR
            raise

    def _scanned(self, content: bytes) -> Remark | None:
        if self.scanner is None:
            return Remark.UNSCANNED
        if time.monotonic() < self._slow_until:
            return Remark.SCAN_WAITS
        try:
            is_harmless = self.scanner.is_harmless(content, AT_THE_DOOR)
        except ScannerSilentError as error:
            if error.why is Why.SLOW:
                self._slow_until = time.monotonic() + NOT_ASKED_FOR
            _log.warning("scanner-silent", why=error.why.value)
            return Remark.SCAN_WAITS
        if not is_harmless:
            raise AttachmentRefusedError(Reason.MALWARE)
        return None
