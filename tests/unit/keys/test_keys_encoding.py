from datetime import datetime, timedelta, timezone

import pytest

from keys.encoding import base64url, base64url_content, framed, rfc3339


def test_framed_parts_cannot_run_into_each_other() -> None:
    assert framed(b"ab", b"") == b"\x00\x00\x00\x02ab\x00\x00\x00\x00"
    assert framed(b"a", b"b") != framed(b"ab")


@pytest.mark.parametrize("content", [b"", b"\xfb", b"\xff\xfe", b"abc"], ids=repr)
def test_base64url_comes_back(content: bytes) -> None:
    assert base64url_content(base64url(content)) == content


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("-w==", id="padding"),
        pytest.param("-x", id="loose last bits"),
        pytest.param("+w", id="the other alphabet"),
        pytest.param("-w\n", id="line end"),
        pytest.param("a", id="a length that cannot be"),
    ],
)
def test_base64url_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        base64url_content(text)


def test_moments_are_spelt_in_utc() -> None:
    summer = datetime(2026, 7, 1, 13, tzinfo=timezone(timedelta(hours=1)))

    assert rfc3339(summer) == "2026-07-01T12:00:00.000000+00:00"
