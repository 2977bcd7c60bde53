"""A sign-in elsewhere is set whole or not at all, and every fault is told at once."""

from pathlib import Path

import pytest

from broker.domain.errors import SettingsError
from broker.environment.openid import OPENID_NAMES, OpenIdSettings, openid_settings
from broker.environment.reader import EnvironmentReader

SECRET = "gravel umbrella seventh kite"


@pytest.fixture(name="right")
def _right(tmp_path: Path) -> dict[str, str]:
    file = tmp_path / "secret"
    file.write_text(SECRET, encoding="utf-8")
    file.chmod(0o600)
    return {
        "BROKER_OIDC_ISSUER": "https://login.example.nhs.uk/realms/one",
        "BROKER_OIDC_CLIENT_ID": "broker",
        "BROKER_OIDC_CLIENT_SECRET_FILE": str(file),
        "BROKER_OIDC_ACR": "AAL2 AAL3",
    }


def read(environ: dict[str, str]) -> OpenIdSettings | None:
    reader = EnvironmentReader(environ, OPENID_NAMES)
    found = openid_settings(reader)
    reader.finish()
    return found


def test_without_any_of_them_there_is_none() -> None:
    assert read({}) is None


def test_all_of_them_are_read_and_the_secret_is_never_shown(right: dict[str, str]) -> None:
    found = read(right)

    assert found is not None
    assert (found.levels, found.secret) == (frozenset({"AAL2", "AAL3"}), SECRET)
    assert SECRET not in repr(found)


@pytest.mark.parametrize("name", OPENID_NAMES)
def test_one_that_is_missing_is_named(right: dict[str, str], name: str) -> None:
    del right[name]

    with pytest.raises(SettingsError, match=f"not set: {name}"):
        read(right)


@pytest.mark.parametrize(
    "issuer",
    ["http://login.example.nhs.uk", "https://login.example/?a=b", "https://user@login.example"],
)
def test_an_issuer_is_asked_by_tls_alone(right: dict[str, str], issuer: str) -> None:
    with pytest.raises(SettingsError, match="BROKER_OIDC_ISSUER must look like"):
        read({**right, "BROKER_OIDC_ISSUER": issuer})
