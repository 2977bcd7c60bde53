"""Codes of an app: the answers of RFC 6238, appendix B, and nothing but digits of this minute."""

from datetime import UTC, datetime, timedelta

import pytest

from broker.access.app_codes import app_link, code_of, matching_step, secret_text

SECRET = b"12345678901234567890"
NOW = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert code_of(SECRET, seconds // 30) == code
    assert matching_step(SECRET, code, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


@pytest.mark.parametrize("code", ["", "28708", "2870822", "٢٨٧٠٨٢", "28708\x00", "287082x"])
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert matching_step(SECRET, code, datetime.fromtimestamp(59, UTC)) is None


def test_a_code_may_be_typed_with_the_space_that_apps_show() -> None:
    step = int(NOW.timestamp()) // 30
    code = code_of(SECRET, step)

    assert matching_step(SECRET, f"{code[:3]} {code[3:]}", NOW) == step
    assert matching_step(SECRET, code, NOW + timedelta(minutes=2)) is None


def test_an_app_is_told_the_secret_and_for_whom_it_is() -> None:
    link = app_link(SECRET, "mira@school.example")

    assert secret_text(SECRET) in link
    assert "mira%40school.example" in link
