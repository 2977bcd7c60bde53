"""A sealed pack is bound to its words bit for bit, and whoever holds both can check it."""

import io
import json
import logging
import random
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
from ledgers import EVENT, OPENING, Log, checkpoint_of
from sealed_packs import PASSPHRASE, REFERENCE, a_document, a_pdf

from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.serving.receipts import issue_receipt
from broker.packs.sealing import RECEIPT, Finding, Original, SealNotProvedError, check, seal
from broker.packs.sealing.mac import with_mac

MOST_ADDED = 2_048
WORDS = PASSPHRASE


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> None:
    # pyHanko tells its own log why a code did not hold.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


@pytest.fixture(scope="module", name="receipt")
def _receipt() -> bytes:
    log = Log()
    log.add(OPENING, EVENT, EVENT)
    checkpoint = checkpoint_of(log.entries)
    kept = KeptCheckpoint(checkpoint=checkpoint, note=sign_checkpoint(checkpoint))
    return issue_receipt(log, 1, kept).to_bytes()


@pytest.fixture(scope="module", name="pack")
def _pack(receipt: bytes) -> bytes:
    files = (
        Original(name="01-attachment.txt", content=b"A made-up note." * 300),
        Original(name=RECEIPT, content=receipt),
    )
    return seal(a_pdf(), files, PASSPHRASE, REFERENCE).content


def finding(content: bytes, words: str = WORDS) -> Finding:
    return check(content, words).finding


def test_what_we_seal_is_whole_and_names_its_reference(pack: bytes, receipt: bytes) -> None:
    checked = check(pack, WORDS)

    assert checked.finding is Finding.WHOLE
    assert (checked.reference, checked.receipt) == (REFERENCE, receipt)


def test_bit_13_is_clear_and_the_catalogue_names_the_extension(pack: bytes) -> None:
    with pikepdf.open(io.BytesIO(pack), password=PASSPHRASE) as document:
        assert document.encryption.P & (1 << 12) == 0
        assert document.Root.Extensions.ISO_[0].ExtensionLevel == 32004
    assert pack.count(b"%%EOF") == 1


def test_the_code_adds_little() -> None:
    document = io.BytesIO()
    a_document().save(document, encryption=pikepdf.Encryption(user=WORDS, owner="o", R=6))
    with pikepdf.open(io.BytesIO(a_pdf())) as plain:
        saved = io.BytesIO()
        plain.save(
            saved,
            encryption=pikepdf.Encryption(user=WORDS, owner="o", R=6),
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=False,
        )
    bound = with_mac(saved.getvalue(), WORDS)

    assert len(bound) - len(saved.getvalue()) < MOST_ADDED
    assert finding(bound) is Finding.NOT_OURS  # it holds no receipt


def flips(pack: bytes, number: int) -> list[tuple[int, int]]:
    chosen = random.Random(7)  # noqa: S311  # the same bits in each run
    return [(chosen.randrange(len(pack)), chosen.randrange(8)) for _ in range(number)]


def unseen(pack: bytes, chosen: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for place, bit in chosen:
        changed = bytearray(pack)
        changed[place] ^= 1 << bit
        if finding(bytes(changed)) is Finding.WHOLE:
            found.append((place, bit))
    return found


def test_no_flipped_bit_goes_unseen(pack: bytes) -> None:
    assert unseen(pack, flips(pack, 60)) == []


@pytest.mark.long
def test_none_of_ten_thousand_flipped_bits_goes_unseen(pack: bytes) -> None:
    assert len(pack) <= 200_000
    assert unseen(pack, flips(pack, 10_000)) == []


@pytest.mark.long
def test_no_bit_of_the_code_itself_can_be_flipped_unseen(pack: bytes) -> None:
    start = pack.index(b"/MAC <") + 5
    end = pack.index(b">", start) + 1
    assert unseen(pack, [(place, bit) for place in range(start, end) for bit in range(8)]) == []


def test_wrong_words_are_told_from_a_change(pack: bytes) -> None:
    assert finding(pack, "thump-chill-zen-rally-aroma-dust") is Finding.SHUT
    assert finding(pack, "") is Finding.SHUT


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda pack: pack + b"\n", id="one byte more"),
        pytest.param(lambda pack: pack[:-1], id="one byte less"),
        pytest.param(lambda pack: pack.replace(b"/P -", b"/P  -", 1), id="a space"),
        pytest.param(lambda pack: pack.replace(b"/AuthCode", b"/AuthCodx"), id="no code"),
        pytest.param(
            lambda pack: (
                pack[: pack.index(b"/MAC <") + 6]
                + pack[pack.index(b"/MAC <") + 6 :].split(b">")[0].upper()
                + b">"
                + pack[pack.index(b"/MAC <") + 6 :].split(b">", 1)[1]
            ),
            id="capitals in the code",
        ),
    ],
)
def test_a_change_anywhere_is_seen(pack: bytes, changed: object) -> None:
    assert callable(changed)
    assert finding(changed(pack)) is Finding.CHANGED


def test_a_file_that_was_saved_anew_by_another_program_is_changed(pack: bytes) -> None:
    anew = io.BytesIO()
    with pikepdf.open(io.BytesIO(pack), password=PASSPHRASE) as document:
        document.save(anew, encryption=pikepdf.Encryption(user=WORDS, owner="another", R=6))

    assert finding(anew.getvalue()) is Finding.CHANGED


def test_a_file_without_a_code_is_said_to_be_bound_by_nothing() -> None:
    unbound = io.BytesIO()
    a_document().save(unbound, encryption=pikepdf.Encryption(user=WORDS, owner="another", R=6))

    assert finding(unbound.getvalue()) is Finding.UNBOUND
    assert finding(a_pdf()) is Finding.UNBOUND


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-", b"%PDF-1.7\n" + bytes(2_000), b"PK\x03\x04", b"Dear all"]
)
def test_what_is_no_document_is_said_so_whatever_it_holds(content: bytes) -> None:
    assert finding(content) in {Finding.NOT_A_PDF, Finding.CHANGED, Finding.SHUT}


def test_a_document_about_another_reference_is_not_ours(receipt: bytes) -> None:
    other = "PRV-8888-8888"
    files = (Original(name=RECEIPT, content=receipt),)
    pack = seal(a_pdf(other), files, PASSPHRASE, other).content

    assert finding(pack) is Finding.NOT_OURS


def test_what_qpdf_would_write_otherwise_is_not_bound_but_refused() -> None:
    buffer = io.BytesIO()
    a_document().save(buffer, encryption=pikepdf.Encryption(user=WORDS, owner="o", R=6))

    with pytest.raises(SealNotProvedError):
        with_mac(buffer.getvalue() + b"%", WORDS)


@pytest.mark.parametrize(("flip", "status"), [(False, 0), (True, 1)])
def test_the_command_leaves_with_0_where_it_is_whole_else_with_1(
    pack: bytes, tmp_path: Path, *, flip: bool, status: int
) -> None:
    changed = bytearray(pack)
    changed[len(pack) // 2] ^= flip
    (tmp_path / "document.pdf").write_bytes(changed)

    finished = subprocess.run(
        [sys.executable, "-m", "broker", "check-pack", str(tmp_path / "document.pdf"), "--json"],
        input="Thump chill zen rally aroma bust\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    told = json.loads(finished.stdout)
    assert (finished.returncode, told["whole"]) == (status, not flip)
    assert "thump" not in finished.stdout + finished.stderr
