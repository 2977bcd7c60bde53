"""What travels locked in a form of the portal: any of some secrets opens it, whichever is left."""

import base64
import os
from binascii import Error as NotBase64Error
from collections.abc import Iterable
from typing import Final

from keys import CannotOpenError, Place, key_for, open_field, seal_field

_BETWEEN: Final = "."
_KEY_BYTES: Final = 32
_MOST_SECRETS: Final = 2


def locked(content: bytes, secrets: Iterable[bytes], place: Place) -> str:
    """Return content as a form carries it: a key of its own, sealed with each secret, seals it."""
    key = os.urandom(_KEY_BYTES)
    boxes = [_sealed(key, secret, place) for secret in secrets]
    boxes.append(_sealed(content, key, place))
    return _BETWEEN.join(base64.urlsafe_b64encode(one).decode("ascii") for one in boxes)


def unlocked(carried: str, secrets: Iterable[bytes], place: Place) -> bytes:
    """Return what a form carried; raises `CannotOpenError` where no secret opens it."""
    try:
        *boxes, content = map(base64.urlsafe_b64decode, carried.split(_BETWEEN))
    except (NotBase64Error, ValueError) as error:
        raise CannotOpenError from error
    if len(boxes) > _MOST_SECRETS:
        raise CannotOpenError
    for box, secret in ((box, secret) for secret in secrets for box in boxes):
        try:
            key = _opened(box, secret, place)
        except CannotOpenError:
            continue
        return _opened(content, key, place)
    raise CannotOpenError


def _sealed(content: bytes, secret: bytes, place: Place) -> bytes:
    return seal_field(key_for(place.case, secret, place.field), content, place)


def _opened(box: bytes, secret: bytes, place: Place) -> bytes:
    return open_field(key_for(place.case, secret, place.field), box, place)
