"""Codes of an app that everybody has: RFC 6238 with SHA-1, six digits, thirty seconds.

>>> matching_step(b"12345678901234567890", "287082", datetime(1970, 1, 1, 0, 0, 59, tzinfo=UTC))
1
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

STEP_SECONDS: Final = 30
DIGITS: Final = 6
SECRET_BYTES: Final = 20
_SKEW: Final = 1
_ISSUER: Final = "Disclosure broker"


def matching_step(secret: bytes, code: str, now: datetime) -> int | None:
    """Return the step of time whose code this is: now's, or one before or after; else None.

    Whoever takes it remembers the step, and takes no step again that is not above it.
    """
    current = int(now.astimezone(UTC).timestamp()) // STEP_SECONDS
    typed = code.replace(" ", "").encode("utf-8", "replace")
    found: int | None = None
    for step in range(current - _SKEW, current + _SKEW + 1):
        if step >= 0 and hmac.compare_digest(code_of(secret, step).encode(), typed):
            found = step
    return found


def code_of(secret: bytes, step: int) -> str:
    """Return the code of a step of time (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), hashlib.sha1)
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def secret_text(secret: bytes) -> str:
    """Return the secret as people type it into an app: base32 without padding."""
    return base64.b32encode(secret).decode("ascii").rstrip("=")


def app_link(secret: bytes, holder: str) -> str:
    """Return the otpauth link that an app reads from a picture; `holder` is shown in the app."""
    label = quote(f"{_ISSUER}:{holder}", safe="")
    return (
        f"otpauth://totp/{label}?secret={secret_text(secret)}&issuer={quote(_ISSUER)}"
        f"&algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    )
