r"""What a cosigner signs: a checkpoint and a time (https://c2sp.org/tlog-cosignature).

>>> text = "broker.example/ledger\n3\nR96o38S46IqP7Afp3tGvdJMjIRTH2Hb+wN1OeUJ0R3Y=\n"
>>> ed25519_message(1773662400, text).splitlines()[:3]
[b'cosignature/v1', b'time 1773662400', b'broker.example/ledger']
>>> ml_dsa_message("witness.example", 1773662400, text)[:28]
b'subtree/v1\n\x00\x0fwitness.example'
"""

from typing import Final

from audit.errors import MalformedNoteError
from audit.format.notes.checkpoint import Checkpoint

TIME_BYTES: Final = 8
_MOST_SECONDS: Final = 2**63 - 1
_LABEL: Final = b"subtree/v1\n\0"
_MOST_NAME_BYTES: Final = 255
_WHOLE_TREE_STARTS: Final = bytes(8)


def time_of(signature: bytes) -> int:
    """Return the POSIX seconds with which a cosignature begins, or raise `ValueError`."""
    seconds = int.from_bytes(signature[:TIME_BYTES], "big")
    if len(signature) < TIME_BYTES or seconds > _MOST_SECONDS:
        raise ValueError
    return seconds


def ed25519_message(time: int, text: str) -> bytes:
    """Return what an Ed25519 cosigner (type 4) signs of a checkpoint's text."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def ml_dsa_message(name: str, time: int, text: str) -> bytes:
    """Return what the ML-DSA-44 cosigner `name` (type 6) signs of a checkpoint's text.

    Raises `ValueError` where the text is no checkpoint or a name is longer than 255 bytes.
    """
    try:
        checkpoint = Checkpoint.parse(text)
    except MalformedNoteError as error:
        raise ValueError from error
    return b"".join(
        (
            _LABEL,
            _counted(name),
            time.to_bytes(8, "big"),
            _counted(checkpoint.origin),
            _WHOLE_TREE_STARTS,
            checkpoint.size.to_bytes(8, "big"),
            checkpoint.root,
        )
    )


def _counted(name: str) -> bytes:
    encoded = name.encode()
    if not 1 <= len(encoded) <= _MOST_NAME_BYTES:
        raise ValueError
    return bytes([len(encoded)]) + encoded
