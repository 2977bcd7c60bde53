"""A root in a PKCS#11 token: what only a token can show; the rest is the contract of all roots."""

import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from tokens import Tokens, forked

from keys import (
    CannotOpenError,
    CaseId,
    HardwareToken,
    Keystore,
    KeystoreUnavailableError,
    Purpose,
    WrongPassphraseError,
)
from keys.keystore.token_root import TokenRoot


@pytest.fixture(name="kept")
def _kept(folder: Path, token_template: Path, tokens: Tokens) -> Keystore:
    shutil.copytree(token_template, folder)
    return Keystore.open(folder, tokens.first)


def test_nothing_beside_the_keystore_opens_it(kept: Keystore, folder: Path) -> None:
    kept.check_integrity()

    assert [path.name for path in folder.iterdir()] == ["keystore.db"]


def test_nobody_reads_the_root_out_of_the_token(kept: Keystore, tokens: Tokens) -> None:
    kept.check_integrity()
    found = pkcs11.lib(str(tokens.first.module)).get_token(token_label=tokens.first.label)
    # Whoever has signed in at a token has done so for all sessions of this process.
    with found.open() as session:
        (key,) = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY})

        assert key[pkcs11.Attribute.EXTRACTABLE] is False
        with pytest.raises(pkcs11.AttributeSensitive):
            key[pkcs11.Attribute.VALUE]


def test_what_a_token_wrapped_opens_at_its_place_alone(tokens: Tokens) -> None:
    root = TokenRoot.new(tokens.second)
    wrapped = root.wrap(b"k" * 32, "case", "case-0001")

    assert root.unwrap(wrapped, "case", "case-0001") == b"k" * 32
    for place in (("case", "case-0002"), ("case",), ("field", "case-0001")):
        with pytest.raises(CannotOpenError):
            root.unwrap(wrapped, *place)
    for altered in (b"", wrapped[:11], wrapped[:-1], wrapped[:-1] + bytes([wrapped[-1] ^ 1])):
        with pytest.raises(CannotOpenError):
            root.unwrap(altered, "case", "case-0001")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"pin": "another-pin"}, "PIN does not open", id="a wrong PIN"),
        pytest.param({"label": "second"}, "does not hold the root", id="another token"),
    ],
)
def test_another_token_or_pin_stops_the_start_and_the_right_one_goes_on(
    kept: Keystore, folder: Path, tokens: Tokens, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(WrongPassphraseError, match=words):
        Keystore.open(folder, replace(tokens.first, **change))

    kept.check_integrity()


def test_a_passphrase_does_not_stand_for_a_token_nor_the_reverse(
    kept: Keystore, folder: Path, tokens: Tokens, tmp_path: Path, locked_template: Path
) -> None:
    with pytest.raises(WrongPassphraseError, match="no passphrase"):
        Keystore.open(folder, "made-up-words-for-tests-only")
    with pytest.raises(WrongPassphraseError, match="not by a token"):
        Keystore.open(shutil.copytree(locked_template, tmp_path / "locked"), tokens.first)
    kept.check_integrity()


at_a_lost_session = pytest.mark.filterwarnings(
    # python-pkcs11 ends a search that could not begin, and says that it could not end it.
    "ignore::pytest.PytestUnraisableExceptionWarning"
)


@contextmanager
def away(tokens: Tokens) -> Generator[None]:
    """Take every token away, as if it were pulled out."""
    elsewhere = tokens.folder.with_name("elsewhere")
    tokens.folder.rename(elsewhere)
    tokens.folder.mkdir()
    try:
        yield
    finally:
        tokens.folder.rmdir()
        elsewhere.rename(tokens.folder)


@at_a_lost_session
def test_a_token_that_is_away_is_told_and_heals_by_itself(
    kept: Keystore, tokens: Tokens, noon: datetime
) -> None:
    key = kept.new_case_key(CaseId("case-0001"), noon)

    with away(tokens):
        pkcs11.lib(str(tokens.first.module)).finalize()
        for _ in range(2):
            with pytest.raises(KeystoreUnavailableError, match="no restart is needed"):
                kept.case_key(CaseId("case-0001"))

    assert kept.case_key(CaseId("case-0001")).material == key.material


@at_a_lost_session
def test_a_session_that_was_lost_is_opened_anew(kept: Keystore, tokens: Tokens) -> None:
    before = kept.signing_key(Purpose.LEDGER).kid

    pkcs11.lib(str(tokens.first.module)).reinitialize()

    assert kept.signing_key(Purpose.LEDGER).kid == before


def test_a_fork_opens_a_session_of_its_own(kept: Keystore) -> None:
    before = kept.signing_key(Purpose.LEDGER).kid

    child = forked(lambda: kept.signing_key(Purpose.LEDGER))

    assert os.waitpid(child, 0)[1] == 0
    assert kept.signing_key(Purpose.LEDGER).kid == before


def test_a_module_that_is_not_there_is_told(tmp_path: Path) -> None:
    nowhere = HardwareToken(module=tmp_path / "none.so", label="first", pin="1234")

    with pytest.raises(KeystoreUnavailableError, match="BROKER_PKCS11_MODULE"):
        TokenRoot.new(nowhere)


def test_no_repr_shows_a_pin(tokens: Tokens) -> None:
    assert tokens.first.pin not in repr(tokens.first)
