"""Debian's own PDF programs open what we seal, and nothing opens it without the passphrase."""

import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import page
import pikepdf
import pytest
from drawings import drawn
from PIL import Image

from broker.packs.rendering import Enclosure, Entry, PackDocument, Section, render
from broker.packs.sealing import Original, Sealed, seal

REFERENCE = "PRV-7Q4K-M2XH"
PASSPHRASE = "thump-chill-zen-rally-aroma-bust"
WRONG = "thump-chill-zen-rally-aroma-dust"
PLANTED = "Zyxwv-Planted"

Reader = Callable[[Path, str | None], "subprocess.CompletedProcess[str]"]


def run(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def qpdf(path: Path, passphrase: str | None) -> "subprocess.CompletedProcess[str]":
    given = [] if passphrase is None else [f"--password={passphrase}"]
    return run("qpdf", *given, "--qdf", str(path), str(path.with_suffix(".qdf")))


def pdftotext(path: Path, passphrase: str | None) -> "subprocess.CompletedProcess[str]":
    given = [] if passphrase is None else ["-upw", passphrase]
    return run("pdftotext", *given, str(path), "-")


def mutool(path: Path, passphrase: str | None) -> "subprocess.CompletedProcess[str]":
    given = [] if passphrase is None else ["-p", passphrase]
    return run("mutool", "draw", *given, "-F", "text", str(path))


READERS = [
    pytest.param(qpdf, id="qpdf"),
    pytest.param(pdftotext, id="pdftotext"),
    pytest.param(mutool, id="mutool"),
]


@pytest.fixture(autouse=True)
def _readers_are_here() -> None:
    missing = [
        one for one in ("qpdf", "pdftotext", "pdfdetach", "mutool") if not shutil.which(one)
    ]
    if missing and os.environ.get("CI") == "true":
        pytest.fail(f"these programs are needed: {missing}")
    if missing:
        pytest.skip(f"NOT CHECKED in other PDF readers, for want of {missing}")


def a_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(name="enclosures", scope="module")
def _enclosures() -> tuple[Enclosure, ...]:
    files = {"note.txt": f"{PLANTED} in a note.".encode(), "photo.png": a_png()}
    return tuple(
        Enclosure(attachment=drawn(name, content), carries=("Concern",))
        for name, content in files.items()
    )


@pytest.fixture(name="rendered", scope="module")
def _rendered(enclosures: tuple[Enclosure, ...]) -> bytes:
    concern = Entry(label="Concern", value=f"{PLANTED}, Zażółć, العربية")
    document = PackDocument(
        reference=REFERENCE,
        title="Prevent referral",
        purpose=f"{PLANTED} purpose",
        sender="Midshire Example Trust",
        recipient="Example Prevent Team",
        created_at=datetime(2026, 6, 24, 14, 5, tzinfo=UTC),
        contact="01632 960 001",
        sections=(Section(title="The concern", entries=(concern,)),),
    )
    return render(document, enclosures)


@pytest.fixture(name="sealed", scope="module")
def _sealed(rendered: bytes, enclosures: tuple[Enclosure, ...]) -> Sealed:
    attached = [one.attachment for one in enclosures]
    originals = [
        Original(name=one.neutral_name(number), content=one.copy or b"")
        for number, one in enumerate(attached, start=1)
    ]
    return seal(rendered, originals, PASSPHRASE, REFERENCE)


@pytest.fixture(name="path")
def _path(sealed: Sealed, tmp_path: Path) -> Path:
    path = tmp_path / "document.pdf"
    path.write_bytes(sealed.content)
    return path


@pytest.mark.parametrize("reader", READERS)
def test_it_opens_with_the_passphrase(reader: Reader, path: Path) -> None:
    assert reader(path, PASSPHRASE).returncode in {0, 3}  # qpdf says 3 when it warned


@pytest.mark.parametrize("reader", READERS[1:])
def test_its_words_can_be_read_with_the_passphrase(reader: Reader, path: Path) -> None:
    found = reader(path, PASSPHRASE).stdout

    assert [word in found for word in (REFERENCE, f"{PLANTED}, Zażółć")] == [True, True]


@pytest.mark.parametrize("passphrase", [None, "", WRONG, PASSPHRASE[:-1], PASSPHRASE.upper()])
@pytest.mark.parametrize("reader", READERS)
def test_it_stays_shut_without_the_passphrase(
    reader: Reader, path: Path, passphrase: str | None
) -> None:
    answer = reader(path, passphrase)

    assert answer.returncode not in {0, 3}
    assert PLANTED not in answer.stdout


def test_poppler_gives_the_originals_back_bit_for_bit(
    path: Path, enclosures: tuple[Enclosure, ...]
) -> None:
    folder = path.parent / "poppler"
    folder.mkdir()
    run("pdfdetach", "-upw", PASSPHRASE, "-saveall", "-o", str(folder), str(path))

    found = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.iterdir()}
    assert found == {
        one.attachment.neutral_name(number): one.attachment.sha256
        for number, one in enumerate(enclosures, start=1)
    }


def test_qpdf_gives_the_originals_back_bit_for_bit(
    path: Path, enclosures: tuple[Enclosure, ...]
) -> None:
    for number, one in enumerate(enclosures, start=1):
        shown = subprocess.run(
            [
                "qpdf",
                f"--password={PASSPHRASE}",
                f"--show-attachment={one.attachment.neutral_name(number)}",
                str(path),
            ],
            capture_output=True,
            check=True,
            timeout=60,
        )
        assert hashlib.sha256(shown.stdout).hexdigest() == one.attachment.sha256


def test_an_empty_owner_password_is_the_mistake_that_poppler_would_let_through(
    rendered: bytes, tmp_path: Path
) -> None:
    # Why a seal has to be proved: to PDFium and MuPDF this file looks as shut as any other.
    broken = tmp_path / "broken.pdf"
    with pikepdf.open(io.BytesIO(rendered)) as document:
        document.save(broken, encryption=pikepdf.Encryption(user=PASSPHRASE, owner="", R=6))

    assert REFERENCE in pdftotext(broken, None).stdout


def test_without_the_passphrase_only_sizes_and_permissions_can_be_learnt(path: Path) -> None:
    content = path.read_bytes()
    names = set(re.findall(rb"/(?:Title|Author|Producer|Lang|Alt|S|FontName|Subtype)\b", content))

    assert names <= {b"/Subtype", b"/S", b"/Lang"}
    assert PLANTED.encode() not in content


def test_pdf_ua_1_holds_before_sealing_and_after_opening_again(
    rendered: bytes, sealed: Sealed
) -> None:
    opened = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed.content), password=PASSPHRASE) as document:
        document.save(opened)

    for pdf in (rendered, opened.getvalue()):
        report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
        assert [failure.message for failure in report.failures] == []


def test_the_pages_carry_headings_and_tables_for_screen_readers(
    rendered: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "plain.pdf"
    path.write_bytes(rendered)

    tree = run("pdfinfo", "-struct", str(path)).stdout

    assert [tag in tree for tag in ("H1", "H2", "Table", "TH", "TD", "Figure", "L (")] == [
        True
    ] * 7


def trailer_of(path: Path) -> str:
    """What MuPDF, which had no part in the sealing, reads of the trailer."""
    return run("mutool", "show", "-e", "-p", PASSPHRASE, str(path), "trailer").stdout


def opened_by_qpdf(path: Path) -> bytes:
    qpdf(path, PASSPHRASE)
    return path.with_suffix(".qdf").read_bytes()


def test_two_seals_of_one_content_share_no_identifier(rendered: bytes, tmp_path: Path) -> None:
    receipt = Original(name="decision.tlog-proof", content=b"a receipt " * 40)
    paths = [tmp_path / "first.pdf", tmp_path / "second.pdf"]
    for path in paths:
        path.write_bytes(seal(rendered, (receipt,), PASSPHRASE, REFERENCE).content)

    in_clear = [set(re.findall(rb"<([0-9a-f]{32,})>", path.read_bytes())) for path in paths]
    assert [len(found) >= 7 for found in in_clear] == [True, True]  # ID, O, U, OE, UE, Perms
    assert in_clear[0] & in_clear[1] == set()
    named = [set(re.findall(rb"<xmpMM:\w+ID>([^<]+)<", opened_by_qpdf(path))) for path in paths]
    assert [len(found) for found in named] == [2, 2]
    assert named[0] & named[1] == set()
    identifiers = [set(re.findall(r"/ID \[.*?\]", trailer_of(path), re.DOTALL)) for path in paths]
    assert [len(found) for found in identifiers] == [1, 1]
    assert identifiers[0] & identifiers[1] == set()


def test_no_digest_of_what_is_inside_can_be_found_without_the_passphrase(
    rendered: bytes, sealed: Sealed, enclosures: tuple[Enclosure, ...]
) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as document:
        typesetters = bytes(document.trailer.ID[0])
        inside = [document.Root.Metadata.read_bytes(), str(document.docinfo.Title).encode()]
    inside += [rendered, *(one.attachment.copy or b"" for one in enclosures)]
    digests = [
        hashlib.new(name, content, usedforsecurity=False).digest()
        for content in inside
        for name in ("md5", "sha1", "sha256", "sha512")
    ]

    for secret in (typesetters, *digests):
        for written in (secret, secret.hex().encode(), base64.b64encode(secret)):
            assert written not in sealed.content


def test_nothing_says_how_large_an_embedded_file_is_but_its_padded_length(
    path: Path, sealed: Sealed
) -> None:
    assert b"/Params" not in sealed.content
    assert b"/Params" not in opened_by_qpdf(path)
    lengths = re.findall(rb"/Length (\d+) /Subtype", sealed.content) or re.findall(
        rb"/EmbeddedFile /Length (\d+)", sealed.content
    )
    assert lengths
    assert {int(length) % 16 for length in lengths} == {0}
