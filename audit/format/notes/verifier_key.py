"""Verifier keys: who may sign, and how (https://c2sp.org/signed-note, "Verifier keys").

>>> key = VerifierKey.parse(
...     "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
... )
>>> key.name, key.signature_type.name, key.key_id.hex()
('example.com/foo', 'ED25519', '530d903a')
"""

import base64
import binascii
import re
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final, Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from audit.errors import MalformedNoteError, SignatureRefusedError
from audit.format.notes.cosignature import TIME_BYTES, ed25519_message, ml_dsa_message, time_of

KEY_ID_BYTES: Final = 4

# What is no UTF-8 comes out of a file as a surrogate, and nobody can sign under such a name.
_VKEY = re.compile(r"([^+\s\x00-\x1f\ud800-\udfff]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_P: Final = 2**255 - 19
_Y_OF_ORDER_8: Final = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
# A key of small order lets one signature hold for many texts, so none is ever trusted.
_SMALL_ORDER_Y: Final = frozenset({0, 1, _P - 1, _P, _P + 1, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8})


class SignatureType(IntEnum):
    """The signature types that are read here, by their byte in a verifier key."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    ML_DSA_44_COSIGNATURE = 0x06


_KEY_BYTES: Final = {
    SignatureType.ED25519: 32,
    SignatureType.ED25519_COSIGNATURE: 32,
    SignatureType.ML_DSA_44_COSIGNATURE: 1_312,
}
_OF_LOGS: Final = frozenset({SignatureType.ED25519, SignatureType.ML_DSA_44_COSIGNATURE})
_OF_WITNESSES: Final = frozenset(
    {SignatureType.ED25519_COSIGNATURE, SignatureType.ML_DSA_44_COSIGNATURE}
)


class Signer(Protocol):
    """A private Ed25519 key: `public_key` is its 32 public bytes, `sign` gives 64 bytes."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes by which others check the signatures."""
        ...

    def sign(self, message: bytes, /) -> bytes:
        """Return the 64-byte Ed25519 signature of `message`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A name and a public key (32 bytes of Ed25519, 1,312 of ML-DSA-44): who may sign, and how."""

    name: str
    public_key: bytes
    signature_type: SignatureType = SignatureType.ED25519

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the key that `text` spells as `name+key id+base64`, or `MalformedNoteError`."""
        match = _VKEY.fullmatch(text)
        if match is None:
            raise MalformedNoteError("A verifier key is written name+8 hexadecimal digits+base64.")
        name, key_id, encoded = match.groups()
        key = cls._typed_as(name, decoded(encoded))
        if key.key_id.hex() != key_id:
            raise MalformedNoteError(
                "The verifier key's identifier does not fit its name and key."
            )
        return key

    @classmethod
    def _typed_as(cls, name: str, typed: bytes) -> Self:
        signature_type = next((known for known in SignatureType if typed[0] == known), None)
        if signature_type is None or len(typed) != 1 + _KEY_BYTES[signature_type]:
            raise MalformedNoteError(
                "Only verifier keys of Ed25519 (types 1 and 4, 32 bytes) and of ML-DSA-44 "
                "(type 6, 1,312 bytes) can be used here."
            )
        key = cls(name=name, public_key=typed[1:], signature_type=signature_type)
        if key._has_small_order():
            raise MalformedNoteError("The verifier key is one for which anyone could sign.")
        return key

    @classmethod
    def of(cls, name: str, signer: Signer) -> Self:
        """Return the key by which others check what `signer` signs as `name`."""
        return cls.parse(str(cls(name=name, public_key=signer.public_key)))

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key within its name."""
        return sha256(self.name.encode() + b"\n" + self._typed).digest()[:KEY_ID_BYTES]

    @property
    def _typed(self) -> bytes:
        return bytes([self.signature_type]) + self.public_key

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self._typed).decode()}"

    @property
    def fits_a_log(self) -> bool:
        """Whether a log may sign its checkpoints with such a key: types 1 and 6."""
        return self.signature_type in _OF_LOGS

    @property
    def fits_a_witness(self) -> bool:
        """Whether a witness may cosign with such a key: types 4 and 6."""
        return self.signature_type in _OF_WITNESSES

    def verify(self, text: str, signature: bytes) -> None:
        """Return if `signature` is this key's for `text`, or raise `SignatureRefusedError`."""
        try:
            self._verify(text, signature)
        except (InvalidSignature, ValueError) as error:
            raise SignatureRefusedError(
                f"The signature by {self.name} does not hold. Do not trust what it signs."
            ) from error

    def _verify(self, text: str, signature: bytes) -> None:
        if self.signature_type is SignatureType.ED25519:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, text.encode())
            return
        # Of a cosignature, the eight bytes of the time come first.
        time, proper = time_of(signature), signature[TIME_BYTES:]
        if self.signature_type is SignatureType.ED25519_COSIGNATURE:
            message = ed25519_message(time, text)
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(proper, message)
        else:
            message = ml_dsa_message(self.name, time, text)
            MLDSA44PublicKey.from_public_bytes(self.public_key).verify(proper, message)

    def _has_small_order(self) -> bool:
        return self.signature_type is not SignatureType.ML_DSA_44_COSIGNATURE and (
            int.from_bytes(self.public_key, "little") % 2**255 in _SMALL_ORDER_Y
        )


def decoded(encoded: str) -> bytes:
    """Return the bytes of base64 in its one permitted spelling, or raise `MalformedNoteError`."""
    try:
        blob = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise MalformedNoteError("The base64 is not complete.") from error
    # Spare bits that are not zero would give one signature two spellings.
    if base64.b64encode(blob).decode() != encoded:
        raise MalformedNoteError("The base64 is not in its one permitted spelling.")
    return blob
