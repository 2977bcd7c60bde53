"""Sign what leaves by DKIM (RFC 6376), so that the recipient's side knows it for ours."""

from collections.abc import Callable
from importlib import import_module
from typing import Final

from broker.environment.mail import DkimKey

_SIGNED: Final = [
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"mime-version",
    b"content-type",
    b"auto-submitted",
]


def signed(message: bytes, key: DkimKey, sender: str) -> bytes:
    """Return the message with a signature for the domain of `sender` before its headers."""
    # Loaded by name where something is signed: it is slow to load, and says nothing of its types.
    sign: Callable[..., bytes] = import_module("dkim").sign
    header = sign(
        message,
        key.selector.encode(),
        sender.rpartition("@")[2].encode(),
        key.private_key.encode(),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=_SIGNED,
    )
    return header + message
