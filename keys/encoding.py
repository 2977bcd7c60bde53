"""Small encodings that are hashed, signed or bound: framed parts, base64url, moments."""

import base64
from datetime import UTC, datetime


def framed(*parts: bytes) -> bytes:
    """Return `parts` joined so that no other parts give the same bytes.

    Each part is preceded by its length as four bytes, big-endian.
    """
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def base64url(content: bytes) -> str:
    """Return `content` in base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def base64url_content(text: str) -> bytes:
    """Return what `base64url` encoded, or raise `ValueError` for any other spelling of it."""
    content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if base64url(content) != text:
        raise ValueError("not canonical base64url")
    return content


def rfc3339(moment: datetime) -> str:
    """Return an aware `moment` as keystore and bindings spell it: UTC, RFC 3339, microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
