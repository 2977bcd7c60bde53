"""Whether a file holds malware: asked of a ClamAV daemon, where one is configured."""

from broker.delivery.scanning.clamd import Clamd, MalwareFoundError, ScannerSilentError, Why
from broker.delivery.scanning.gate import ScanningSandbox, sandbox_of

__all__ = (
    "Clamd",
    "MalwareFoundError",
    "ScannerSilentError",
    "ScanningSandbox",
    "Why",
    "sandbox_of",
)
