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
_FORM: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_HEADER: Final = frozenset({"alg", "typ", "kid"})
_KID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_SIGNATURE_BYTES: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The header and the claims of a token, read strictly; nothing here has been verified."""

    header: dict[str, object]
    claims: dict[str, object]
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class CompactToken:
    """The two halves of a token that are read; nothing here has been verified."""

    kid: KeyId
    claims: dict[str, object]


def parts_of(token: str, *, longest: int = LONGEST_TOKEN) -> Parts:
    """Return what a token in compact form says, each member once and in one spelling.

    Raises `TokenRefusedError`, before any parsing if the token is longer than `longest`.
    """
    if len(token) > longest:
        raise TokenRefusedError(TokenFault.SIZE)
    if _FORM.fullmatch(token) is None:
        raise TokenRefusedError(TokenFault.FORM)
    header_text, claims_text, signature_text = token.split(".")
    signature = _content_of(signature_text, TokenFault.FORM)
    return Parts(
        header=_object_in(header_text, TokenFault.HEADER),
        claims=_object_in(claims_text, TokenFault.CLAIMS),
        signature=signature,
    )


def parse_compact(token: str, *, kind: str) -> CompactToken:
    """Return the parts of a token whose header says EdDSA, exactly `kind`, and one key's name.

    Raises `TokenRefusedError`, before any parsing if the token is too long.
    """
    parts = parts_of(token)
    if len(parts.signature) != _SIGNATURE_BYTES:
        raise TokenRefusedError(TokenFault.FORM)
    if parts.header.keys() != _HEADER:
        raise TokenRefusedError(TokenFault.HEADER)
    if parts.header["alg"] != ALGORITHM:
        raise TokenRefusedError(TokenFault.ALGORITHM)
    if parts.header["typ"] != kind:
        raise TokenRefusedError(TokenFault.TYPE)
    return CompactToken(kid=key_named(parts.header["kid"]), claims=parts.claims)


def key_named(kid: object) -> KeyId:
    """Return the name of a key that a header bears; raises `TokenRefusedError` for none."""
    if not isinstance(kid, str) or _KID.fullmatch(kid) is None:
        raise TokenRefusedError(TokenFault.KEY)
    return KeyId(kid)


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
