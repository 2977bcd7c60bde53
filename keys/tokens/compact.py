"""Signed tokens taken apart before any library sees them (RFC 7515, compact form)."""

import re
from dataclasses import dataclass
from typing import Final

from keys.encoding import base64url_content
from keys.errors import TokenFault, TokenRefusedError
from keys.signing import KeyId
from keys.tokens.strict_json import object_of

LONGEST_TOKEN: Final = 8 * 1024
ALGORITHM: Final = "EdDSA"
_FORM: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}", re.ASCII)
_HEADER: Final = frozenset({"alg", "typ", "kid"})
_KID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactToken:
    """The two halves of a token that are read; nothing here has been verified."""

    kid: KeyId
    claims: dict[str, object]


def parse_compact(token: str, *, kind: str) -> CompactToken:
    """Return the parts of a token whose header says EdDSA, exactly `kind`, and one key's name.

    Raises `TokenRefusedError`, before any parsing if the token is too long.
    """
    if len(token) > LONGEST_TOKEN:
        raise TokenRefusedError(TokenFault.SIZE)
    if _FORM.fullmatch(token) is None:
        raise TokenRefusedError(TokenFault.FORM)
    header_text, claims_text, signature_text = token.split(".")
    _content_of(signature_text, TokenFault.FORM)
    header = _object_in(header_text, TokenFault.HEADER)
    if header.keys() != _HEADER:
        raise TokenRefusedError(TokenFault.HEADER)
    if header["alg"] != ALGORITHM:
        raise TokenRefusedError(TokenFault.ALGORITHM)
    if header["typ"] != kind:
        raise TokenRefusedError(TokenFault.TYPE)
    kid = header["kid"]
    if not isinstance(kid, str) or _KID.fullmatch(kid) is None:
        raise TokenRefusedError(TokenFault.KEY)
    return CompactToken(kid=KeyId(kid), claims=_object_in(claims_text, TokenFault.CLAIMS))


def _object_in(text: str, fault: TokenFault) -> dict[str, object]:
    content = _content_of(text, fault)
    try:
        return object_of(content)
    except ValueError as error:
        raise TokenRefusedError(fault) from error


def _content_of(text: str, fault: TokenFault) -> bytes:
    try:
        return base64url_content(text)
    except ValueError as error:
        raise TokenRefusedError(fault) from error
