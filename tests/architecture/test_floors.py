"""What is pinned is at least as new as the release that mended a fault that others found."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = (
    ("cryptography", "50.0.0", "GHSA-g6cj-pr64-35w5"),
    ("gunicorn", "22.0.0", "GHSA-w3h3-4rj7-4ph4"),
    ("jinja2", "3.1.6", "GHSA-cpwx-vrp4-4pq7"),
    ("pillow", "12.3.0", "CVE-2026-59199"),
    ("pyasn1", "0.6.4", "CVE-2026-59885"),
    ("pyjwt", "2.12.0", "GHSA-752w-5fwx-jx9f"),
    ("pypdf", "6.16.1", "CVE-2026-84310"),
    ("werkzeug", "3.1.6", "GHSA-29vq-49wr-vm6x"),
)
"""A package, the first release without the fault, and the fault; a new one is a new line."""

PINNED = dict(
    re.findall(
        r"^([a-z0-9-]+)==([0-9.]+)", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE
    )
)


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


@pytest.mark.parametrize(("package", "floor", "fault"), FLOORS)
def test_what_is_pinned_is_no_older_than_a_known_fault_allows(
    package: str, floor: str, fault: str
) -> None:
    assert numbers(PINNED[package]) >= numbers(floor), fault


def test_a_release_with_ten_in_it_is_newer_than_one_with_nine() -> None:
    assert numbers("3.10.0") > numbers("3.9.9")
