"""Openings: what shows that an entry committed to a value, checked without the broker."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from ledgers import EVENT, OPENING, ORIGIN, Log, SeedSigner, run_verifier

from audit.errors import MalformedOpeningError
from audit.format.commitment import commit
from audit.format.opening import Opening
from audit.log.checkpoint_store import CheckpointStore
from audit.log.serving.export import export

SALT = bytes(range(32))
VALUE = {"by": "p-nurse", "text": "Ja, so war es. \u00e9"}
GOOD = Opening(entry=2, commitment="reply_c", field="reply/1", salt=SALT, value=VALUE)


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """An export of a log whose entry 2 commits to a value."""
    log = Log()
    log.add(
        OPENING,
        EVENT,
        {
            "type": "replied",
            "ref": "PRV-7Q4K-M2XH",
            "by": "p-nurse",
            "reply_c": commit("reply/1", VALUE, SALT),
        },
    )
    (tmp_path / "kept").mkdir()
    store = CheckpointStore(tmp_path / "kept", SeedSigner(1), ORIGIN)
    export(log, [store.keep(log)], store.key, tmp_path / "export")
    return tmp_path / "export"


def checked(committed: Path, opening: bytes) -> tuple[int, dict[str, object]]:
    path = committed.with_name("opening.json")
    path.write_bytes(opening)
    status, out, _ = run_verifier("verify", committed, "--opening", path, "--json")
    return status, json.loads(out)


def test_an_opening_shows_what_the_entry_committed_to(committed: Path) -> None:
    status, verdict = checked(committed, GOOD.to_bytes())

    assert (status, verdict["opened"]) == (
        0,
        [
            {
                "entry": 2,
                "type": "replied",
                "ref": "PRV-7Q4K-M2XH",
                "commitment": "reply_c",
                "field": "reply/1",
            }
        ],
    )


def test_an_opening_is_told_in_words_without_its_value(committed: Path) -> None:
    path = committed.with_name("opening.json")
    path.write_bytes(GOOD.to_bytes())

    status, out, _ = run_verifier("verify", committed, "--opening", path)

    assert status == 0
    assert "Entry 2 (replied, PRV-7Q4K-M2XH, " in out
    assert "committed to the value that was shown for 'reply/1'" in out
    assert "Ja, so war es" not in out


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param(replace(GOOD, value="another"), id="another value"),
        pytest.param(replace(GOOD, salt=bytes(32)), id="another salt"),
        pytest.param(replace(GOOD, field="reply/2"), id="another field"),
        pytest.param(replace(GOOD, commitment="reason_c"), id="another commitment"),
        pytest.param(replace(GOOD, entry=1), id="another entry"),
        pytest.param(replace(GOOD, entry=3), id="an entry that is not there"),
        pytest.param(replace(GOOD, value=1.5), id="a fraction"),
        pytest.param(replace(GOOD, field="reply\x00/1"), id="NUL in the field"),
    ],
)
def test_what_does_not_open_the_commitment_is_a_fault_of_that(
    committed: Path, opening: Opening
) -> None:
    status, verdict = checked(committed, opening.to_bytes())

    assert (status, verdict["rule"], verdict["first_bad"]) == (1, "commitment", None)


def changed(**members: object) -> bytes:
    return json.dumps({**json.loads(GOOD.to_bytes()), **members}).encode()


MISSHAPEN = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"[]", id="a list"),
    pytest.param(b"{}", id="no members"),
    pytest.param(b"[" * 100_000, id="nested too deep"),
    pytest.param(changed(format="disclosure-broker/opening/2"), id="another format"),
    pytest.param(changed(entry=True), id="true for a number"),
    pytest.param(changed(entry=-1), id="a negative number"),
    pytest.param(changed(entry="2"), id="a number as text"),
    pytest.param(changed(salt="00"), id="a short salt"),
    pytest.param(changed(salt="AB" * 32), id="capital digits"),
    pytest.param(changed(field=None), id="no field"),
    pytest.param(changed(more=1), id="a member too many"),
    pytest.param(GOOD.to_bytes().replace(b"Ja", b"\xff"), id="not UTF-8"),
    pytest.param(b'{"entry":1,' + GOOD.to_bytes().lstrip()[1:], id="a name twice"),
    pytest.param(changed(value=float("nan")), id="no number"),
    pytest.param(b" " * 50_000_001, id="too long"),
]


@pytest.mark.parametrize("text", MISSHAPEN)
def test_what_is_no_opening_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedOpeningError, match="not an opening"):
        Opening.parse(text)


def test_a_file_that_is_no_opening_is_a_fault_and_is_named(committed: Path) -> None:
    status, verdict = checked(committed, b"{}")

    assert (status, verdict["rule"]) == (1, "commitment")
    assert str(verdict["message"]).startswith("opening.json opens nothing.")


def test_an_opening_is_written_as_it_was_read() -> None:
    assert Opening.parse(GOOD.to_bytes()) == GOOD
