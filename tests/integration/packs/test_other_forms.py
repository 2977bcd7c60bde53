"""A pack as a locked Word file or zip: it opens with its words alone, a second reader agrees."""

import io
import zipfile
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import docx
import pytest
from drawings import drawn
from ledgers import EVENT, OPENING, Log, checkpoint_of
from sealed_packs import PASSPHRASE, REFERENCE, a_pdf

from audit.format.notes.signed_checkpoint import sign_checkpoint
from audit.log.checkpoint_store import KeptCheckpoint
from audit.log.serving.receipts import issue_receipt
from broker.packs.rendering import Enclosure, Entry, PackDocument, Section
from broker.packs.rendering.word_file import word_file
from broker.packs.sealing import (
    RECEIPT,
    Finding,
    Original,
    SealNotProvedError,
    UnfitPassphraseError,
    check,
)
from broker.packs.sealing.forms import agile, zipped
from broker.packs.sealing.forms.agile import opened_word, seal_word
from broker.packs.sealing.forms.zipped import INNER, files_of, seal_zip
from broker.packs.sealing.parts import TooFewWordsError

SEVEN = "june-pull-swab-wife-task-await-cub"
PLANTED = "Zyxwv-Planted"
PDF = a_pdf()
NOTE = Original(name="01-attachment.txt", content=f"{PLANTED} in a note".encode())


@pytest.fixture(scope="module", name="receipt")
def _receipt() -> bytes:
    log = Log()
    log.add(OPENING, EVENT, EVENT)
    checkpoint = checkpoint_of(log.entries)
    kept = KeptCheckpoint(checkpoint=checkpoint, note=sign_checkpoint(checkpoint))
    return issue_receipt(log, 1, kept).to_bytes()


@pytest.fixture(scope="module", name="written")
def _written(receipt: bytes) -> bytes:
    document = PackDocument(
        reference=REFERENCE,
        title="Prevent referral",
        purpose="To ask for support",
        sender="Midshire Example Trust",
        recipient="Example Prevent Team",
        created_at=datetime(2026, 6, 24, 14, 5, tzinfo=UTC),
        contact="01632 960 001",
        sections=(
            Section(
                title="The concern",
                entries=(
                    Entry(label="Concern", value=f"{PLANTED}\nZażółć, العربية", note="Reported"),
                ),
            ),
        ),
        held_back="Something was held back. Ask the trust if you need more.",
        obligations=("Tell the sender that it has arrived.",),
    )
    note = Enclosure(
        attachment=drawn("note.txt", b"As it was said."),
        carries=("Concern",),
        remarks=("Its name was taken off.",),
    )
    return word_file(document, (note,), receipt)


@pytest.fixture(scope="module", name="word")
def _word(written: bytes) -> bytes:
    return seal_word(written, PASSPHRASE, pages=2).content


@pytest.fixture(scope="module", name="zip_file")
def _zip_file(receipt: bytes) -> bytes:
    originals = (NOTE, Original(name=RECEIPT, content=receipt))
    return seal_zip(PDF, originals, SEVEN, REFERENCE, pages=2).content


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_a_zip_shows_no_name_and_gives_everything_to_who_knows_its_seven_words(
    zip_file: bytes, receipt: bytes
) -> None:
    assert [one.filename for one in zipfile.ZipFile(io.BytesIO(zip_file)).infolist()] == [INNER]
    assert all(one not in zip_file for one in (b"attachment", REFERENCE.encode(), b"tlog-proof"))

    assert files_of(zip_file, SEVEN) == {
        f"document-{REFERENCE}.pdf": PDF,
        NOTE.name: NOTE.content,
        RECEIPT: receipt,
    }


def test_a_zip_is_locked_with_seven_words_and_no_fewer(zip_file: bytes) -> None:
    del zip_file
    with pytest.raises(TooFewWordsError, match="seven words"):
        seal_zip(PDF, (), PASSPHRASE, REFERENCE, pages=2)


def test_a_word_file_says_what_the_pages_say_in_words_own_headings(written: bytes) -> None:
    found = docx.Document(io.BytesIO(written))
    lines = [(one.style.name if one.style else "", one.text) for one in found.paragraphs]

    assert ("Heading 1", "Prevent referral") in lines
    assert ("Heading 2", "The concern") in lines
    assert ("Heading 3", "Concern") in lines
    assert ("List Bullet", "Tell the sender that it has arrived.") in lines
    texts = [text for _, text in lines]
    assert {PLANTED, "Zażółć, العربية", "Reported", "As it was said.", REFERENCE} <= set(texts)
    assert any("Carries: Concern. SHA-256 of the sender's file: " in text for text in texts)
    cells = [cell.text for row in found.tables[0].rows for cell in row.cells]
    assert cells[:4] == ["From", "Midshire Example Trust", "To", "Example Prevent Team"]
    assert found.sections[0].header.paragraphs[0].text == "OFFICIAL-SENSITIVE"


def test_a_word_file_is_locked_whole(word: bytes, written: bytes) -> None:
    assert opened_word(word, PASSPHRASE) == written
    assert PLANTED.encode() not in word
    assert PLANTED.encode("utf-16-le") not in word
    with pytest.raises(UnfitPassphraseError):
        seal_word(written, "short", pages=2)


@pytest.mark.parametrize("words", ["", PASSPHRASE[:-1], SEVEN, "a" * 40])
def test_wrong_words_open_neither(word: bytes, zip_file: bytes, words: str) -> None:
    other = words if words != SEVEN else PASSPHRASE.replace("bust", "dust")
    assert check(word, other).finding is Finding.SHUT
    assert check(zip_file, words[:-1]).finding is Finding.SHUT


def test_whoever_has_the_words_can_check_either(
    word: bytes, zip_file: bytes, receipt: bytes
) -> None:
    for content, words in ((word, PASSPHRASE), (zip_file, SEVEN)):
        checked = check(content, words)
        assert (checked.finding, checked.is_whole) == (Finding.WHOLE_INSIDE, True)
        assert (checked.reference, checked.receipt) == (REFERENCE, receipt)


def test_a_changed_bit_of_what_is_locked_is_seen(word: bytes, zip_file: bytes) -> None:
    inner = zip_file.index(INNER.encode()) + 200
    for place in range(inner, len(zip_file) - 200, 97):
        assert check(flipped(zip_file, place), SEVEN).finding is Finding.SHUT
    for place in range(9_000, len(word) - 9_000, 8_000):
        assert not check(flipped(word, place), PASSPHRASE).is_whole


def test_a_document_about_another_reference_is_not_ours(receipt: bytes) -> None:
    files = (Original(name=RECEIPT, content=receipt),)
    other = seal_zip(PDF, files, SEVEN, "PRV-9999-9999", pages=2).content
    bare = seal_zip(PDF, (), SEVEN, REFERENCE, pages=2).content
    blank = io.BytesIO()
    docx.Document().save(blank)
    foreign = seal_word(blank.getvalue(), PASSPHRASE, pages=1).content

    assert {check(other, SEVEN).finding, check(bare, SEVEN).finding} == {Finding.NOT_OURS}
    assert check(foreign, PASSPHRASE).finding is Finding.NOT_OURS


def test_what_a_second_reader_does_not_find_as_it_was_put_in_is_not_sealed(
    monkeypatch: pytest.MonkeyPatch, written: bytes
) -> None:
    library: Any = import_module("msoffcrypto.format.ooxml")
    honest = library.OOXMLFile.encrypt

    def losing_a_byte(self: Any, passphrase: str, out: io.BytesIO) -> None:
        self.file = io.BytesIO(written[:-1])
        honest(self, passphrase, out)

    monkeypatch.setattr(library.OOXMLFile, "encrypt", losing_a_byte)
    with pytest.raises(SealNotProvedError, match="does not hold what was put in"):
        agile.seal_word(written, PASSPHRASE, pages=2)

    pyzipper: Any = import_module("pyzipper")
    writing = pyzipper.AESZipFile.writestr

    def cutting(self: Any, name: Any, content: bytes) -> None:
        writing(self, name, content[:-1])

    monkeypatch.setattr(pyzipper.AESZipFile, "writestr", cutting)
    with pytest.raises(SealNotProvedError, match="could not open the zip"):
        zipped.seal_zip(PDF, (), SEVEN, REFERENCE, pages=2)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 90])
def test_what_only_looks_like_a_zip_is_shut(content: bytes) -> None:
    assert check(content, SEVEN).finding is Finding.SHUT


def test_what_only_looks_like_a_word_file_is_shut(word: bytes) -> None:
    assert check(word[:600], PASSPHRASE).finding is Finding.SHUT
    assert check(
        word.replace(b'spinCount="100000"', b'spinCount="000001"'), PASSPHRASE
    ).finding in (
        Finding.SHUT,
        Finding.CHANGED,
    )
