import hashlib
import hmac

import pytest

from audit.errors import OpeningRefusedError, UnrecordableEventError
from audit.format.commitment import commit, verify_opening

SALT = bytes(range(32))
VALUE = {"b": [1, True, None, "\u00e9"], "a": {"z": ""}}


def nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


def test_a_commitment_is_the_hmac_of_field_and_canonical_value() -> None:
    message = b"broker/v1/facts\x00" + '{"a":{"z":""},"b":[1,true,null,"\u00e9"]}'.encode()

    assert commit("facts", VALUE, SALT) == hmac.new(SALT, message, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("edge", [2**53 - 1, 1 - 2**53], ids=["largest", "smallest"])
def test_numbers_reach_to_2_to_53(edge: int) -> None:
    verify_opening(commit("facts", edge, SALT), field="facts", value=edge, salt=SALT)


def test_a_tuple_is_a_list() -> None:
    assert commit("facts", ("x",), SALT) == commit("facts", ["x"], SALT)


def test_value_and_salt_open_the_commitment() -> None:
    verify_opening(commit("facts", VALUE, SALT), field="facts", value=VALUE, salt=SALT)


@pytest.mark.parametrize(
    ("field", "value", "salt"),
    [
        pytest.param("decision", VALUE, SALT, id="other field"),
        pytest.param("facts", {**VALUE, "a": {"z": " "}}, SALT, id="other value"),
        pytest.param("facts", VALUE, bytes(32), id="other salt"),
    ],
)
def test_anything_else_does_not_open_it(field: str, value: object, salt: bytes) -> None:
    with pytest.raises(OpeningRefusedError, match="not those that were committed to"):
        verify_opening(commit("facts", VALUE, SALT), field=field, value=value, salt=salt)


def test_a_commitment_beyond_ascii_is_not_opened() -> None:
    with pytest.raises(OpeningRefusedError):
        verify_opening("\u00e9", field="facts", value=VALUE, salt=SALT)


@pytest.mark.parametrize(
    ("field", "value", "salt"),
    [
        pytest.param("facts", 1, bytes(31), id="short salt"),
        pytest.param("fa\0cts", 1, SALT, id="NUL in the field"),
        pytest.param("facts", 1.0, SALT, id="fraction"),
        pytest.param("facts", [2**53], SALT, id="too large"),
        pytest.param("facts", {1: "x"}, SALT, id="name that is no text"),
        pytest.param("facts", {"n\u00e4me": "x"}, SALT, id="name beyond ASCII"),
        pytest.param("facts", "\ud800", SALT, id="half a character"),
        pytest.param("facts", b"x", SALT, id="bytes"),
        pytest.param("facts", nested(100_000), SALT, id="nested without end"),
    ],
)
def test_what_has_no_one_spelling_is_not_committed_to(
    field: str, value: object, salt: bytes
) -> None:
    with pytest.raises(UnrecordableEventError):
        commit(field, value, salt)
