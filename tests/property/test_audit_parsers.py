"""Every parser of the ledger: damaged input has our own refusal, or the one spelling it had."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledgers import ORIGIN, SeedSigner, a_log, checkpoint_of, run_verifier
from rounds import rounds

from audit.errors import LedgerError
from audit.format.entry import parse_entry
from audit.format.merkle.tiles import entry_bundle, split_bundle
from audit.format.merkle.tree import Frontier
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.note import split_note
from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.format.notes.trust_policy import NO_QUORUM, TrustPolicy
from audit.format.notes.verifier_key import VerifierKey
from audit.format.receipt import Receipt
from audit.log.append.entry_writer import write_entry
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.serving.export import export
from audit.log.serving.receipts import issue_receipt

many = settings(max_examples=rounds(300), deadline=None)

SIGNER, WITNESS = SeedSigner(1), SeedSigner(2)
KEY = VerifierKey.of(ORIGIN, SIGNER)
LOG = a_log(7)
HEAD = checkpoint_of(LOG.entries)
NOTE = sign_checkpoint(HEAD, SIGNER, WITNESS)
KEPT = KeptCheckpoint(checkpoint=HEAD, note=NOTE)
POLICY = f"# ours\nlog {KEY} https://broker.example\ngroup none-yet any\nquorum none\n".encode()

TOKENS = [
    *(b"\n", b"\r\n", b"\n\n", b" ", b"\t", b"\x00", b"\xff", b"\xc0\x80", b"\xed\xa0\x80"),
    *(b"0", b"+", b"-0", b"1.0", b"1e0", b"9007199254740992", b"9" * 30, b"=", b"==", b"AAAA"),
    *(b"null", b"true", b"\\u0041", b'"v":1,"v":1', b"[", b"{", "\u2014 ".encode()),
    *("\u00a0".encode(), "\u0661".encode(), "\U0001f9ff".encode()),
]


@st.composite
def damaged(draw: st.DrawFn, *wholes: bytes) -> bytes:
    """One of the inputs after one to three changes, which may cancel out."""
    content = bytearray(draw(st.sampled_from(wholes)))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(content)))
        stop = draw(st.integers(start, min(start + 6, len(content))))
        content[start:stop] = draw(st.sampled_from(TOKENS) | st.binary(max_size=3))
    return bytes(content)


def entry_again(raw: bytes) -> bytes:
    entry = parse_entry(raw)
    return write_entry(entry.event, entry.previous, entry.seq).raw


def note_again(note: bytes) -> bytes:
    text, signatures = split_note(note)
    lines = (f"\u2014 {name} {base64.b64encode(blob).decode()}\n" for name, blob in signatures)
    return f"{text}\n{''.join(lines)}".encode()


def checkpoint_again(text: bytes) -> bytes:
    return Checkpoint.parse(text.decode("latin-1")).text.encode("latin-1")


def key_again(text: bytes) -> bytes:
    # As a line of a policy is read, whose names are octets.
    return str(VerifierKey.parse(text.decode("utf-8", "surrogateescape"))).encode()


def receipt_again(text: bytes) -> bytes:
    return Receipt.parse(text).to_bytes()


def bundle_again(bundle: bytes) -> bytes:
    return entry_bundle(split_bundle(bundle))


def frontier_again(joined: bytes) -> bytes:
    return Frontier.parse(7, joined).to_bytes()


@pytest.mark.parametrize(
    ("again", "wholes"),
    [
        pytest.param(entry_again, [entry.raw for entry in LOG.entries], id="entry"),
        pytest.param(note_again, [NOTE], id="note"),
        pytest.param(checkpoint_again, [HEAD.text.encode()], id="checkpoint"),
        pytest.param(key_again, [str(KEY).encode()], id="verifier key"),
        pytest.param(receipt_again, [issue_receipt(LOG, 3, KEPT).to_bytes()], id="receipt"),
        pytest.param(bundle_again, [entry_bundle(LOG.raw_entries(0, 7))], id="bundle"),
        pytest.param(frontier_again, [LOG.head().frontier.to_bytes()], id="frontier"),
    ],
)
@given(data=st.data())
@many
def test_what_is_read_has_one_spelling_and_all_else_is_refused(
    again: Callable[[bytes], bytes], wholes: list[bytes], data: st.DataObject
) -> None:
    given_bytes = data.draw(damaged(*wholes) | st.binary(max_size=100))
    try:
        spelt = again(given_bytes)
    except LedgerError:
        return
    assert spelt == given_bytes


@given(damaged(POLICY) | st.binary(max_size=100))
@many
def test_a_policy_that_is_read_trusts_nobody_it_does_not_name(policy: bytes) -> None:
    try:
        read = TrustPolicy.parse(policy)
    except LedgerError:
        return
    assert all(str(key).encode() in policy for key in read.logs)
    assert read.quorum == NO_QUORUM or read.quorum in {*read.witnesses, *read.groups}
    assert all(1 <= group.threshold <= len(group.members) for group in read.groups.values())


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "export"
    early = checkpoint_of(LOG.entries[:4])
    kept = KeptCheckpoint(checkpoint=early, note=sign_checkpoint(early, SIGNER))
    export(LOG, [kept, KEPT], KEY, folder)
    return folder


@pytest.fixture(scope="module", name="policy")
def _policy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mine") / "policy"
    path.write_text(f"log {KEY}\nquorum none\n")
    return path


@pytest.mark.parametrize(
    "name",
    [
        "checkpoint",
        "checkpoints/00000000000000000004",
        "log.vkey",
        "manifest.json",
        "policy",
        "tile/0/000.p/7",
        "tile/entries/000.p/7",
    ],
)
@given(data=st.data())
@settings(max_examples=rounds(60), deadline=None)
def test_no_file_of_an_export_makes_the_verifier_fail_otherwise_than_it_says(
    folder: Path, policy: Path, name: str, data: st.DataObject
) -> None:
    whole = (folder / name).read_bytes()
    other = data.draw(damaged(whole))
    # Of the manifest only the digests count, and it is proof of nothing.
    may_hold = other == whole or name == "manifest.json"
    (folder / name).write_bytes(other)
    try:
        for trust in ([], ["--policy", policy]):
            status, _, _ = run_verifier("verify", folder, *trust)
            # Line ends of Windows look like a converted copy, which nobody can check.
            converted = {3} if b"\r\n" in other else set()
            assert status in ({0, 1, 3} if may_hold else {1} | converted)
    finally:
        (folder / name).write_bytes(whole)
