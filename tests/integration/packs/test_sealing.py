import hashlib
import io
import zlib
from collections.abc import Callable
from typing import Literal

import pikepdf
import pytest
from sealed_packs import MARKER, PASSPHRASE, REFERENCE, a_document, a_pdf

from broker.packs import pdfium
from broker.packs.sealing import (
    Expected,
    NamedByAPersonError,
    Original,
    SealNotProvedError,
    UnfitPassphraseError,
    proof,
    prove,
    seal,
)

ORIGINALS = (
    Original(name="01-attachment.txt", content=f"{MARKER} in a file".encode()),
    Original(name="02-attachment.jpg", content=bytes(range(256)) * 40),
)
DIGESTS = {one.name: hashlib.sha256(one.content).hexdigest() for one in ORIGINALS}
EXPECTED = Expected(pages=2, reference=REFERENCE, embedded=DIGESTS)


def sealed_by_hand(
    *, user: str = PASSPHRASE, owner: str = "another-owner", revision: Literal[4, 6] = 6
) -> bytes:
    """What `seal` would make, with something done differently."""
    document = a_document()
    for one in ORIGINALS:
        document.attachments[one.name] = pikepdf.AttachedFileSpec(document, one.content)
    buffer = io.BytesIO()
    document.save(buffer, encryption=pikepdf.Encryption(user=user, owner=owner, R=revision))
    return buffer.getvalue()


def inflated(content: bytes) -> bytes:
    """Everything that looks like a deflated stream, unpacked."""
    found = b""
    for start in range(len(content)):
        if content[start : start + 1] == b"\x78":
            try:
                found += zlib.decompressobj().decompress(content[start:])
            except zlib.error:
                continue
    return found


def test_a_sealed_pack_opens_with_the_passphrase_and_holds_everything() -> None:
    sealed = seal(a_pdf(), ORIGINALS, PASSPHRASE, REFERENCE)

    with pdfium.opened(sealed.content, PASSPHRASE) as document:
        assert document.embedded() == {one.name: one.content for one in ORIGINALS}
        assert [document.text(index) for index in range(document.pages)] == [REFERENCE] * 2
    assert (sealed.pages, sealed.sha256) == (2, hashlib.sha256(sealed.content).hexdigest())


def test_a_reader_opens_the_list_of_attachments_by_itself() -> None:
    sealed = seal(a_pdf(), ORIGINALS, PASSPHRASE, REFERENCE)

    with pikepdf.open(io.BytesIO(sealed.content), password=PASSPHRASE) as document:
        assert document.Root.PageMode == pikepdf.Name.UseAttachments


def test_without_attachments_there_is_no_list_to_open() -> None:
    sealed = seal(a_pdf(), (), PASSPHRASE, REFERENCE)

    with pikepdf.open(io.BytesIO(sealed.content), password=PASSPHRASE) as document:
        assert "/PageMode" not in document.Root


def test_the_seal_is_aes_256_and_asks_readers_to_allow_copying_and_printing() -> None:
    sealed = seal(a_pdf(), ORIGINALS, PASSPHRASE, REFERENCE)

    with pikepdf.open(io.BytesIO(sealed.content), password=PASSPHRASE) as document:
        encryption, allowed = document.encryption, document.allow
    assert (encryption.R, encryption.V, encryption.bits) == (6, 5, 256)
    assert (
        encryption.stream_method == encryption.file_method == pikepdf.models.EncryptionMethod.aesv3
    )
    assert (allowed.accessibility, allowed.extract, allowed.print_highres) == (True, True, True)
    assert (allowed.modify_other, allowed.modify_annotation) == (False, False)


@pytest.mark.parametrize(
    "planted",
    [
        pytest.param(MARKER, id="title and file content"),
        pytest.param(REFERENCE, id="text"),
        pytest.param("attachment.", id="file name"),
        pytest.param("image#2f", id="kind of file"),
        pytest.param("xmpmeta", id="metadata"),
        pytest.param("/Helvetica", id="structure"),
        pytest.param(PASSPHRASE, id="passphrase"),
    ],
)
def test_nothing_can_be_read_in_the_sealed_bytes(planted: str) -> None:
    content = seal(a_pdf(), ORIGINALS, PASSPHRASE, REFERENCE).content

    spellings = [planted.encode("ascii"), planted.encode("utf-16-be")]
    assert [one in content or one in inflated(content) for one in spellings] == [False, False]


def test_the_scan_finds_in_an_unsealed_pack_what_it_looks_for_in_a_sealed_one() -> None:
    document = a_document()
    for one in ORIGINALS:
        document.attachments[one.name] = pikepdf.AttachedFileSpec(
            document, one.content, mime_type="image/jpeg"
        )
    buffer = io.BytesIO()
    document.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    content = buffer.getvalue()

    words = [MARKER, REFERENCE, "attachment.", "image#2fjpeg", "xmpmeta", "/Helvetica"]
    everything = content + inflated(content)
    assert [word for word in words if word.encode() not in everything] == []


def test_the_same_pack_sealed_twice_shares_no_ciphertext() -> None:
    first, second = (seal(a_pdf(), (), PASSPHRASE, REFERENCE).content for _ in range(2))

    assert first != second


def test_the_proof_passes_what_was_sealed_as_it_should_be() -> None:
    prove(seal(a_pdf(), ORIGINALS, PASSPHRASE, REFERENCE).content, EXPECTED, PASSPHRASE)


def test_the_proof_refuses_what_nothing_binds_to_its_words() -> None:
    with pytest.raises(SealNotProvedError, match="not bound to the passphrase"):
        prove(sealed_by_hand(), EXPECTED, PASSPHRASE)


@pytest.mark.parametrize(
    ("make", "expected", "found"),
    [
        pytest.param(
            lambda: sealed_by_hand(owner=""), EXPECTED, "without the right", id="empty owner"
        ),
        pytest.param(
            lambda: sealed_by_hand(owner=PASSPHRASE[:-1]),
            EXPECTED,
            "without the right",
            id="owner one letter off",
        ),
        pytest.param(
            lambda: sealed_by_hand(user="another-passphrase"),
            EXPECTED,
            "could not open it",
            id="another passphrase",
        ),
        pytest.param(
            lambda: sealed_by_hand(revision=4), EXPECTED, "not encrypted with", id="weak"
        ),
        pytest.param(
            sealed_by_hand,
            Expected(pages=3, reference=REFERENCE, embedded=DIGESTS),
            "other pages",
            id="pages",
        ),
        pytest.param(
            sealed_by_hand,
            Expected(pages=2, reference="PRV-0000-0000", embedded=DIGESTS),
            "reference cannot be read",
            id="reference",
        ),
        pytest.param(
            sealed_by_hand,
            Expected(pages=2, reference=REFERENCE, embedded={}),
            "embedded files",
            id="a file too many",
        ),
        pytest.param(
            sealed_by_hand,
            Expected(pages=2, reference=REFERENCE, embedded=DIGESTS | {"01-attachment.txt": "0"}),
            "embedded files",
            id="a file changed",
        ),
        pytest.param(a_pdf, EXPECTED, "embedded files", id="not sealed"),
        pytest.param(lambda: b"%PDF-1.7", EXPECTED, "could not open it", id="no document"),
    ],
)
def test_the_proof_finds_what_is_wrong(
    make: Callable[[], bytes], expected: Expected, found: str
) -> None:
    with pytest.raises(SealNotProvedError, match=found):
        prove(make(), expected, PASSPHRASE)


@pytest.mark.parametrize(
    ("name", "value"), [("/V", 4), ("/R", 5), ("/StmF", "/Identity"), ("/StrF", "/Identity")]
)
def test_the_proof_finds_another_cipher_or_a_part_in_clear(name: str, value: object) -> None:
    read = proof._read_by_pypdf(sealed_by_hand())
    proof._prove_cipher(read)

    encryption = read.trailer["/Encrypt"]
    assert isinstance(encryption, dict)
    dict.__setitem__(encryption, name, value)

    with pytest.raises(SealNotProvedError, match="not encrypted with"):
        proof._prove_cipher(read)


def opens_in_pypdf(sealed: bytes, passphrases: tuple[str, ...]) -> bool:
    return proof._opens_in_pypdf(proof._read_by_pypdf(sealed), passphrases)


@pytest.mark.parametrize("opens", [proof._opens_in_pikepdf, opens_in_pypdf])
def test_each_of_two_readers_alone_notices_an_empty_owner_password(
    opens: Callable[[bytes, tuple[str, ...]], bool],
) -> None:
    whole, broken = sealed_by_hand(), sealed_by_hand(owner="")

    assert opens(whole, ("", "wrong", PASSPHRASE))
    assert not opens(whole, ("", "wrong", PASSPHRASE[:-1]))
    assert opens(broken, ("wrong", ""))


def test_a_document_that_is_not_sealed_at_all_fails_the_proof() -> None:
    with pytest.raises(SealNotProvedError):
        prove(a_pdf(), Expected(pages=2, reference=REFERENCE, embedded={}), PASSPHRASE)


def test_a_single_bit_changed_in_a_file_fails_the_proof() -> None:
    content = bytearray(seal(a_pdf(), ORIGINALS, PASSPHRASE, REFERENCE).content)
    largest = content.index(b"stream", content.index(b"/Length 10272"))
    content[largest + 500] ^= 1

    with pytest.raises(SealNotProvedError, match="embedded files"):
        prove(bytes(content), EXPECTED, PASSPHRASE)


def test_a_pack_without_its_reference_on_the_first_page_is_not_sealed() -> None:
    with pytest.raises(SealNotProvedError, match="reference cannot be read"):
        seal(a_pdf("another text"), ORIGINALS, PASSPHRASE, REFERENCE)


@pytest.mark.parametrize(
    "passphrase",
    [
        pytest.param("", id="empty"),
        pytest.param("short-one", id="short"),
        pytest.param("a" * 33, id="longer than readers take"),
        pytest.param("Thump-chill-zen-rally", id="capital"),
        pytest.param("thump chill zen rally", id="space"),
        pytest.param("thump-chill-zen-rálly", id="accent"),
        pytest.param("thump-chill-zen-rally\n", id="line feed"),
    ],
)
def test_a_passphrase_that_some_reader_would_not_take_is_refused(passphrase: str) -> None:
    with pytest.raises(UnfitPassphraseError) as caught:
        seal(a_pdf(), ORIGINALS, passphrase, REFERENCE)

    assert passphrase == "" or passphrase not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["Alex.pdf", "01-letter.pdf", "1-attachment.pdf", "01-attachment.exe", "../a.pdf", ""]
)
def test_a_file_never_leaves_under_the_name_that_a_person_gave_it(name: str) -> None:
    with pytest.raises(NamedByAPersonError, match=r"such as 01-attachment\.jpg"):
        Original(name=name, content=b"x")


def test_two_files_under_one_name_are_refused() -> None:
    with pytest.raises(NamedByAPersonError):
        seal(a_pdf(), [ORIGINALS[0], ORIGINALS[0]], PASSPHRASE, REFERENCE)


def test_what_is_sealed_shows_no_content() -> None:
    sealed = seal(a_pdf(), (), PASSPHRASE, REFERENCE)

    assert repr(sealed) == f"Sealed(sha256='{sealed.sha256}', pages=2)"
    assert MARKER not in repr(ORIGINALS)
