from datetime import UTC, datetime

import pytest

from keys import InvalidSignatureError, Purpose, SigningKey, thumbprint, verify
from keys.encoding import base64url_content


@pytest.fixture(name="noon")
def _noon() -> datetime:
    return datetime(2026, 3, 16, 12, tzinfo=UTC)


# RFC 8032, section 7.1, test 2
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
MESSAGE = bytes.fromhex("72")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


@pytest.fixture(name="key")
def _key(noon: datetime) -> SigningKey:
    return SigningKey.from_seed(SEED, purpose=Purpose.LEDGER, created_at=noon)


def test_a_signature_is_the_one_that_the_standard_names(key: SigningKey) -> None:
    assert (key.public_key, key.sign(MESSAGE)) == (PUBLIC, SIGNATURE)


def test_a_key_is_named_by_its_jwk_thumbprint() -> None:
    # RFC 8037, appendix A.3
    public_key = base64url_content("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")

    assert thumbprint(public_key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_key_carries_its_own_thumbprint(key: SigningKey) -> None:
    assert key.kid == thumbprint(PUBLIC)


def test_an_honest_signature_is_accepted() -> None:
    verify(MESSAGE, SIGNATURE, PUBLIC)


@pytest.mark.parametrize(
    ("message", "signature", "public_key"),
    [
        pytest.param(b"s", SIGNATURE, PUBLIC, id="another message"),
        pytest.param(MESSAGE, SIGNATURE[:-1] + b"\x01", PUBLIC, id="altered signature"),
        pytest.param(MESSAGE, SIGNATURE[:-1], PUBLIC, id="short signature"),
        pytest.param(MESSAGE, SIGNATURE + b"\x00", PUBLIC, id="long signature"),
        pytest.param(MESSAGE, b"", PUBLIC, id="no signature"),
        pytest.param(MESSAGE, SIGNATURE, bytes(31) + b"\x02", id="another key"),
        pytest.param(MESSAGE, SIGNATURE, PUBLIC[:-1], id="short key"),
    ],
)
def test_any_other_signature_is_refused(
    message: bytes, signature: bytes, public_key: bytes
) -> None:
    with pytest.raises(InvalidSignatureError, match="does not fit the message"):
        verify(message, signature, public_key)


def test_a_key_does_not_show_its_secret(key: SigningKey) -> None:
    shown = repr(key)

    assert "private" not in shown
    assert key.kid in shown
