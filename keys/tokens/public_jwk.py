"""Public keys of strangers, as they write them (RFC 7517), each for one algorithm.

>>> key = public_jwk({"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}, Algorithm.EDDSA)
>>> key.thumbprint
'ogRZbCR5KTrPFCAfuYmCMwj0w7Yuk3Lr6YWQWfpkbf0'
>>> public_jwk({"d": "A", "kty": "OKP"}, Algorithm.EDDSA)  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
keys.errors.UnfitKeyError: This is the private half of a key. Send the public half, ...
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicNumbers,
)

from keys.encoding import base64url, base64url_content
from keys.errors import UnfitKeyError
from keys.signing import KeyId


@unique
class Algorithm(StrEnum):
    """How a machine may sign (RFC 7518, RFC 8037): one algorithm a client, and never a secret."""

    EDDSA = "EdDSA"
    ES256 = "ES256"
    PS256 = "PS256"
    RS512 = "RS512"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicJwk:
    """A public key with what it signs by; `members` are those that its thumbprint is made of."""

    algorithm: Algorithm
    members: Mapping[str, str]
    thumbprint: KeyId

    @property
    def text(self) -> str:
        """Return it as JSON in the one spelling that the thumbprint is made of (RFC 7638)."""
        return _canonical(self.members)


RSA_BITS: Final = range(3072, 8193)
"""How long an RSA key must be, and how long it may be: a longer one costs more than it gives."""

_MEMBERS: Final[Mapping[Algorithm, tuple[str, ...]]] = {
    Algorithm.EDDSA: ("crv", "kty", "x"),
    Algorithm.ES256: ("crv", "kty", "x", "y"),
    Algorithm.PS256: ("e", "kty", "n"),
    Algorithm.RS512: ("e", "kty", "n"),
}
_SPOKEN_OF: Final = frozenset({"alg", "use", "kid"})
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_COORDINATE_BYTES: Final = 32
_EXPONENT: Final = 65537


def public_jwk(members: Mapping[str, object], algorithm: Algorithm) -> PublicJwk:
    """Return a public key that is fit for `algorithm`; raises `UnfitKeyError`.

    Ed25519, P-256, or RSA of at least 3072 bits with the exponent 65537. `alg`, `use` and `kid`
    may stand beside it and must not say otherwise; anything else is refused.
    """
    if _PRIVATE & members.keys():
        raise UnfitKeyError(
            "This is the private half of a key. Send the public half, and make a new pair: this "
            "one is no secret any more."
        )
    needed = _MEMBERS[algorithm]
    texts = {name: text for name, text in members.items() if isinstance(text, str)}
    if not set(needed) <= texts.keys() <= {*needed, *_SPOKEN_OF} or texts.keys() != members.keys():
        raise UnfitKeyError(f"A public JWK for {algorithm} has the members {', '.join(needed)}.")
    if texts.get("alg", algorithm) != algorithm or texts.get("use", "sig") != "sig":
        raise UnfitKeyError(f"The key says itself that it is not for signing by {algorithm}.")
    held = {name: texts[name] for name in needed}
    try:
        _refuse_unfit(held, algorithm)
    except ValueError as error:
        raise UnfitKeyError(f"This is no public key for {algorithm}.") from error
    digest = hashlib.sha256(_canonical(held).encode("ascii")).digest()
    return PublicJwk(algorithm=algorithm, members=held, thumbprint=KeyId(base64url(digest)))


def _refuse_unfit(held: Mapping[str, str], algorithm: Algorithm) -> None:
    """Raise `UnfitKeyError`, or `ValueError` for what is no key at all."""
    if algorithm is Algorithm.EDDSA:
        _coordinates(held, "OKP", "Ed25519", "x")
    elif algorithm is Algorithm.ES256:
        x, y = _coordinates(held, "EC", "P-256", "x", "y")
        # A point beside the curve is no key, and could give part of another's away.
        EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    else:
        modulus = base64url_content(held["n"])
        exponent = int.from_bytes(base64url_content(held["e"]), "big")
        bits = int.from_bytes(modulus, "big").bit_length()
        if held["kty"] != "RSA" or exponent != _EXPONENT or modulus[:1] == b"\0":
            raise ValueError("another kind of key")
        if bits not in RSA_BITS:
            raise UnfitKeyError(
                f"An RSA key must have {RSA_BITS.start} to {RSA_BITS.stop - 1} bits; this one "
                f"has {bits}. Make another, or use Ed25519 or P-256."
            )


def _coordinates(held: Mapping[str, str], kty: str, crv: str, *names: str) -> list[int]:
    contents = [base64url_content(held[name]) for name in names]
    fits = all(len(content) == _COORDINATE_BYTES for content in contents)
    if (held["kty"], held["crv"]) != (kty, crv) or not fits:
        raise ValueError("another kind of key")
    return [int.from_bytes(content, "big") for content in contents]


def _canonical(members: Mapping[str, str]) -> str:
    return json.dumps(dict(sorted(members.items())), separators=(",", ":"))
