"""A partial export is verified by itself, and what is missing or was changed in it shows."""

import json
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from ledgers import EVENT, OPENING, Log, SeedSigner, checkpoint_of, run_verifier

from audit.errors import BrokenLedgerError, ProofRefusedError, Rule
from audit.format.commitment import commit
from audit.format.entry import Entry
from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.format.notes.verifier_key import VerifierKey
from audit.format.opening import Opening
from audit.format.partial import Extent, Partial
from audit.log.append.entry_writer import write_entry
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.serving.export import write_folder
from audit.log.serving.partial_export import partial_files

SIGNER = SeedSigner(1)
MINE, OTHER = "PRV-7Q4K-M2XH", "PRV-7Q4K-M2XJ"
SALT, REPLY = bytes(32), {"by": "nurse-1", "text": "Nobody else."}
REPLIED = {
    "type": "replied",
    "ref": MINE,
    "by": "nurse-1",
    "reply_c": commit("reply/1", REPLY, SALT),
}
THEIRS = {**EVENT, "ref": OTHER}
WHOLE: Mapping[str, Extent] = {MINE: Extent.WHOLE}
OWN = (1, 3, 4, 6)

Change = Callable[[Path], object]


def a_shared_log() -> Log:
    """Four entries about one reference, at 1, 3, 4 and 6, and others between."""
    log = Log()
    log.add(OPENING, {**EVENT, "ref": MINE}, THEIRS, REPLIED, {**EVENT, "ref": MINE}, THEIRS)
    log.add({**EVENT, "ref": MINE})
    return log


def head_of(log: Log, size: int | None = None) -> KeptCheckpoint:
    checkpoint = checkpoint_of(log.entries[:size])
    return KeptCheckpoint(checkpoint=checkpoint, note=sign_checkpoint(checkpoint, SIGNER))


def exported(
    folder: Path,
    numbers: Iterable[int] = OWN,
    extents: Mapping[str, Extent] = WHOLE,
    log: Log | None = None,
) -> Path:
    of = log or a_shared_log()
    key = VerifierKey.of(checkpoint_of(of.entries).origin, SIGNER)
    write_folder(folder, partial_files(of, numbers, extents, head_of(of), [key]))
    return folder


def verdict_of(folder: Path, *more: object) -> tuple[int, dict[str, Any]]:
    status, out, _ = run_verifier("verify", folder, *more, "--json")
    return status, json.loads(out)


def relisted(folder: Path) -> None:
    """Make the manifest, which is not signed, list the files as they are."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes())
    manifest["files"] = {
        str(one.relative_to(folder)): sha256(one.read_bytes()).hexdigest()
        for one in folder.rglob("*")
        if one.is_file() and one != path
    }
    path.write_text(json.dumps(manifest))


def test_what_is_a_readers_verifies_and_is_called_theirs(tmp_path: Path) -> None:
    folder = exported(tmp_path / "mine")

    status, verdict = verdict_of(folder, "--policy", folder / "policy")
    _, words, _ = run_verifier("verify", folder)

    assert (status, verdict["verdict"]) == (0, "partial")
    assert (verdict["entries"], verdict["size"], verdict["warnings"]) == (4, 7, [])
    assert verdict["yours"] == [{"ref": MINE, "extent": "whole", "entries": 4, "missing": []}]
    assert words.startswith("PARTIAL: YOURS. 4 entries about 1 reference of broker.example")
    assert f"{MINE}: 4 entries, none missing between them." in words


def test_what_followed_sending_says_that_no_others_are_here(tmp_path: Path) -> None:
    folder = exported(tmp_path / "mine", (4, 6), {MINE: Extent.SENT})

    status, verdict = verdict_of(folder)
    _, words, _ = run_verifier("verify", folder)

    assert (status, verdict["yours"][0]["missing"]) == (0, [0, 1])
    assert f"{MINE}: 2 entries of what followed sending, no others." in words


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        pytest.param((3, 4, 6), "0", id="the first"),
        pytest.param((1, 4, 6), "1", id="one between"),
        pytest.param((1, 6), "1, 2", id="two between"),
    ],
)
def test_an_entry_of_the_readers_own_that_is_missing_shows(
    tmp_path: Path, numbers: tuple[int, ...], missing: str
) -> None:
    status, verdict = verdict_of(exported(tmp_path / "mine", numbers))

    assert (status, verdict["verdict"]) == (3, "incomplete")
    assert f"{MINE} (n {missing})" in verdict["message"]


def test_a_reference_without_any_entry_is_incomplete(tmp_path: Path) -> None:
    extents = {MINE: Extent.WHOLE, OTHER: Extent.WHOLE}

    status, verdict = verdict_of(exported(tmp_path / "mine", OWN, extents))

    assert (status, OTHER in verdict["message"]) == (3, True)


def test_entries_of_an_earlier_release_have_no_number_and_count(tmp_path: Path) -> None:
    older = Log()
    for entry in a_shared_log().entries[:5]:
        event = {name: value for name, value in entry.event.items() if name != "n"}
        before = older.entries[-1].leaf if older.entries else bytes(32)
        older.entries.append(write_entry(event, before, entry.seq))
    older.add({**EVENT, "ref": MINE})

    whole, _ = verdict_of(exported(tmp_path / "whole", (1, 3, 4, 5), log=older))
    gap, verdict = verdict_of(exported(tmp_path / "gap", (1, 3, 5), log=older))

    assert (whole, gap) == (0, 3)
    assert f"{MINE} (n 2)" in verdict["message"]


def receipt(folder: Path, number: int) -> Path:
    return folder / "receipts" / f"{number:020}.tlog-proof"


def swapped(folder: Path) -> None:
    content = receipt(folder, 3).read_bytes()
    receipt(folder, 3).write_bytes(receipt(folder, 4).read_bytes())
    receipt(folder, 4).write_bytes(content)


def under_another_head(folder: Path) -> None:
    earlier = a_shared_log()
    key = VerifierKey.of(checkpoint_of(earlier.entries).origin, SIGNER)
    files = dict(partial_files(earlier, [1], WHOLE, head_of(earlier, 5), [key]))
    receipt(folder, 1).write_bytes(files[f"receipts/{1:020}.tlog-proof"])


def edited(folder: Path) -> None:
    content = receipt(folder, 3).read_bytes()
    receipt(folder, 3).write_bytes(content.replace(b"index 3", b"index 2"))


def renamed(folder: Path) -> None:
    (folder / "partial.json").write_bytes(Partial(extents={OTHER: Extent.WHOLE}).to_bytes())


FAULTS = [
    pytest.param(swapped, Rule.RECEIPT, id="receipts swapped"),
    pytest.param(under_another_head, Rule.RECEIPT, id="receipt under another head"),
    pytest.param(edited, Rule.RECEIPT, id="receipt edited"),
    pytest.param(renamed, Rule.REFERENCE, id="another reference named"),
    pytest.param(
        lambda folder: (folder / "partial.json").write_text("{}"), Rule.REFERENCE, id="unnamed"
    ),
    pytest.param(
        lambda folder: (folder / "log.vkey").write_text("broker.example/ledger+0+A\n"),
        Rule.POLICY,
        id="another key",
    ),
    pytest.param(
        lambda folder: (folder / "checkpoint").write_bytes(
            sign_checkpoint(checkpoint_of(a_shared_log().entries), SeedSigner(2))
        ),
        Rule.CHECKPOINT,
        id="head that somebody else signed",
    ),
]


@pytest.mark.parametrize(("change", "rule"), FAULTS)
def test_what_was_changed_in_it_is_a_fault(tmp_path: Path, change: Change, rule: Rule) -> None:
    folder = exported(tmp_path / "mine")
    change(folder)
    relisted(folder)

    status, verdict = verdict_of(folder)

    assert (status, verdict["rule"]) == (1, rule)


def test_what_the_manifest_lists_otherwise_is_a_fault(tmp_path: Path) -> None:
    folder = exported(tmp_path / "mine")
    (folder / "policy").write_bytes((folder / "policy").read_bytes() + b"\n")

    status, verdict = verdict_of(folder)

    assert (status, verdict["rule"]) == (1, Rule.MANIFEST)


@pytest.mark.parametrize("name", ["receipts/notes", "receipts/1.tlog-proof", "notes.bak"])
def test_what_is_no_part_of_it_is_named(tmp_path: Path, name: str) -> None:
    folder = exported(tmp_path / "mine")
    (folder / name).write_text("To be looked at later.")

    status, verdict = verdict_of(folder)

    assert (status, Path(name).name in verdict["message"]) == (3, True)


def test_without_receipts_nothing_is_proved(tmp_path: Path) -> None:
    folder = exported(tmp_path / "mine")
    for one in (folder / "receipts").iterdir():
        one.unlink()
    (folder / "receipts").rmdir()

    assert verdict_of(folder)[0] == 3


def relinked(entry: Entry, previous: bytes, **changed: object) -> Entry:
    return write_entry({**entry.event, **changed}, previous, entry.seq)


@pytest.mark.parametrize(
    ("number", "changed", "previous", "rule"),
    [
        pytest.param(4, {"ts": "2020-01-01T00:00:00.000000Z"}, None, Rule.TIME, id="dated back"),
        pytest.param(4, {}, bytes(32), Rule.LINK, id="link"),
        pytest.param(6, {"n": 1}, None, Rule.REFERENCE, id="number that another one has"),
    ],
)
def test_what_the_signed_entries_say_of_each_other_must_fit(
    tmp_path: Path,
    number: int,
    changed: Mapping[str, object],
    previous: bytes | None,
    rule: Rule,
) -> None:
    log = a_shared_log()
    entries = log.entries[:number]
    entry = log.entries[number]
    entries.append(relinked(entry, previous or entry.previous, **changed))
    numbers = [one.seq for one in entries if one.reference == MINE]

    status, verdict = verdict_of(exported(tmp_path / "mine", numbers, log=Log(entries)))

    assert (status, verdict["rule"], verdict["first_bad"]) == (1, rule, number)


def opening(tmp_path: Path, entry: int, text: str = "Nobody else.") -> Path:
    path = tmp_path / "opening"
    value = {**REPLY, "text": text}
    shown = Opening(entry=entry, commitment="reply_c", field="reply/1", salt=SALT, value=value)
    path.write_bytes(shown.to_bytes())
    return path


def test_an_opening_is_checked_against_what_is_here(tmp_path: Path) -> None:
    folder = exported(tmp_path / "mine")

    status, verdict = verdict_of(folder, "--opening", opening(tmp_path, 3))
    _, words, _ = run_verifier("verify", folder, "--opening", opening(tmp_path, 3))
    other, _ = verdict_of(folder, "--opening", opening(tmp_path, 3, "Somebody."))
    elsewhere, _ = verdict_of(folder, "--opening", opening(tmp_path, 2))

    assert (status, verdict["opened"][0]["field"], other, elsewhere) == (0, "reply/1", 1, 1)
    assert "committed to the value that was shown for 'reply/1'" in words


@pytest.mark.parametrize("option", ["--since", "--receipt"])
def test_it_holds_too_little_to_be_compared_with_another_head(tmp_path: Path, option: str) -> None:
    folder = exported(tmp_path / "mine")
    given = {"--since": folder / "checkpoint", "--receipt": receipt(folder, 3)}

    status, verdict = verdict_of(folder, option, given[option])

    assert (status, "too little to be compared" in verdict["message"]) == (3, True)


def test_an_entry_that_the_head_does_not_count_is_not_exported(tmp_path: Path) -> None:
    log = a_shared_log()
    key = VerifierKey.of(checkpoint_of(log.entries).origin, SIGNER)

    with pytest.raises(ProofRefusedError):
        write_folder(tmp_path / "mine", partial_files(log, [6], WHOLE, head_of(log, 5), [key]))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format":"disclosure-broker/partial/2","extents":{}}',
        b'{"format":"disclosure-broker/partial/1","extents":[]}',
        b'{"format":"disclosure-broker/partial/1","extents":{},"more":1}',
        b'{"format":"disclosure-broker/partial/1","extents":{"PRV-7Q4K-M2XH":"some"}}',
        b'{"format":"disclosure-broker/partial/1","extents":{"PRV-7Q4K-M2XH":[]}}',
        b"[" * 100_000,
    ],
    ids=lambda content: content[-40:].decode(),
)
def test_what_says_otherwise_of_itself_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenLedgerError):
        Partial.parse(content)
