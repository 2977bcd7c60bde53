import hashlib
from io import BytesIO

import pytest
from PIL import Image

from broker.domain.errors import BrokerError
from broker.packs.attachments import (
    Attachment,
    AttachmentRefusedError,
    Kind,
    Reading,
    Reason,
    Remark,
)
from broker.packs.attachments.gate import inspect

LINES = "Dear colleague,\nthis is a made-up letter.\n"
LETTER = b"Dear colleague,\r\nthis is a made-up letter.\r\n"


def a_png() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(buffer, "PNG")
    return buffer.getvalue()


def refusal(name: str, content: bytes) -> AttachmentRefusedError:
    with pytest.raises(AttachmentRefusedError) as caught:
        inspect(name, content)
    return caught.value


def test_a_text_file_comes_out_without_the_name_a_person_gave_it() -> None:
    assert inspect("Alex Example letter.TXT", LETTER) == Attachment(
        kind=Kind.TXT,
        content=LETTER,
        sha256=hashlib.sha256(LETTER).hexdigest(),
        reading=Reading(text=LINES, copy=LINES.encode()),
    )


def test_an_attachment_shows_neither_its_content_nor_its_text() -> None:
    assert "made-up" not in repr(inspect("a.txt", LETTER))


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.PDF, "07-attachment.pdf"),
        (Kind.DOCX, "07-attachment.docx"),
        (Kind.JPEG, "07-attachment.jpg"),
        (Kind.PNG, "07-attachment.png"),
        (Kind.TXT, "07-attachment.txt"),
    ],
)
def test_an_attachment_leaves_under_its_number(kind: Kind, name: str) -> None:
    attachment = Attachment(kind=kind, content=b"x", sha256="", reading=Reading())

    assert (attachment.neutral_name(7), attachment.size) == (name, 1)


def test_every_kind_has_words_of_its_own() -> None:
    assert len({kind.words for kind in Kind}) == len(Kind)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("../a.txt", id="path"),
        pytest.param("c:\\a.txt", id="windows path"),
        pytest.param("a\n.txt", id="line feed"),
        pytest.param("a\u202etxt.fdp.txt", id="right-to-left override"),
        pytest.param("a\u200b.txt", id="zero width"),
        pytest.param(".txt", id="nothing before the dot"),
        pytest.param("...txt", id="dots only"),
        pytest.param("a" * 200 + ".txt", id="too long"),
    ],
)
def test_a_name_that_could_deceive_is_refused(name: str) -> None:
    assert refusal(name, LETTER).reason is Reason.NAME


@pytest.mark.parametrize(
    "name", ["", "letter", "a.exe", "a.pdf.exe", "a.docm", "a.html", "a.svg", "a.txt.", "a.heic"]
)
def test_a_kind_that_is_not_on_the_list_is_refused(name: str) -> None:
    assert refusal(name, LETTER).reason is Reason.KIND


@pytest.mark.parametrize("ending", ["pdf", "docx", "jpg", "jpeg", "png"])
def test_an_ending_that_does_not_agree_with_the_content_is_refused(ending: str) -> None:
    assert refusal(f"a.{ending}", LETTER).reason is Reason.CONTENT


@pytest.mark.parametrize(
    ("name", "form", "kind"),
    [("a.jpg", "PNG", Kind.PNG), ("a.jfif", "PNG", Kind.PNG), ("a.png", "JPEG", Kind.JPEG)],
)
def test_a_picture_that_is_named_as_the_other_kind_goes_as_what_it_is(
    name: str, form: str, kind: Kind
) -> None:
    buffer = BytesIO()
    Image.new("RGB", (20, 10), "red").save(buffer, form)

    assert inspect(name, buffer.getvalue()).kind is kind


@pytest.mark.parametrize(
    ("start", "says"),
    [
        (b"\0\0\0\x18ftypheic\0\0", "iPhone"),
        (b"\0\0\0\x1cftypavif\0\0", "JPEG or PNG"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "JPEG or PNG"),
        (b"GIF89a", "JPEG or PNG"),
        (b"II*\0", "print it as a PDF"),
    ],
)
def test_a_picture_of_a_kind_that_is_not_taken_is_told_apart_whatever_its_name(
    start: bytes, says: str
) -> None:
    refused = refusal("a.jpg", start + bytes(50))

    assert refused.reason is Reason.CONTENT
    assert says in str(refused)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("IMG_0001.HEIC", "iPhone or iPad"),
        ("scan.tiff", "print it as a PDF"),
        ("sticker.webp", "save a copy as JPEG or PNG"),
        ("letter.doc", "Word (docx)"),
        ("letter.odt", "Word (docx)"),
        ("letter.pages", "Word (docx)"),
        ("letter.docm", "save it as a Word document"),
        ("register.xlsx", "Print the part that matters"),
        ("talk.pptx", "notes and hidden slides"),
        ("mail.msg", "print it as a PDF"),
        ("mail.eml", "one by one"),
        ("all.zip", "Unpack it"),
        ("voice.m4a", "at which minute"),
        ("cctv.mp4", "Keep it unchanged"),
        ("page.mht", "in the browser"),
        ("chat.log", "ending .txt"),
        ("plan.gdoc", "download it"),
        ("setup.exe", "tell your own IT"),
        ("a.xyz", "Open the file in its program"),
    ],
)
def test_whoever_chose_another_kind_reads_what_to_do_with_that_one(name: str, says: str) -> None:
    refused = refusal(name, LETTER)

    assert refused.reason is Reason.KIND
    assert says in str(refused)
    assert "pdf, docx, jpeg, png and txt" in str(refused)


def test_an_empty_file_is_refused() -> None:
    assert refusal("a.txt", b"").reason is Reason.EMPTY


def test_ten_million_bytes_are_the_most() -> None:
    assert refusal("a.txt", b"a" * 10_000_001).reason is Reason.TOO_BIG
    assert refusal("a.txt", b"a" * 10_000_000).reason is Reason.TOO_LONG


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"a\0b", Reason.CONTROL, id="nul"),
        pytest.param(b"a\x1b[2Jb", Reason.CONTROL, id="escape"),
        pytest.param("a\u0090b".encode(), Reason.CONTROL, id="C1 control"),
        pytest.param(b"a\x81", Reason.CONTROL, id="no character set of ours"),
        pytest.param(b"\xff\xfea", Reason.CONTROL, id="half a letter of UTF-16"),
        pytest.param(b"a\x1ab", Reason.CONTROL, id="DOS end mark in the middle"),
        pytest.param(b"%PDF-1.7", Reason.CONTENT, id="pdf"),
        pytest.param(b"{\\rtf1 x}", Reason.CONTENT, id="rtf"),
        pytest.param(b" <!DOCTYPE html>", Reason.CONTENT, id="html"),
        pytest.param(b"#!/bin/sh", Reason.CONTENT, id="script"),
        pytest.param(b"a" * 200_001, Reason.TOO_LONG, id="too long"),
    ],
)
def test_a_text_file_that_is_not_plain_text_is_refused(content: bytes, reason: Reason) -> None:
    assert refusal("a.txt", content).reason is reason


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert inspect("a.txt", "\ufeffŷ\f\rb\t".encode()).text == "ŷ\n\nb\t"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        pytest.param(
            "£2 \u2013 \u2018a\u2019".encode("windows-1252"),
            "£2 \u2013 \u2018a\u2019",
            id="Windows-1252",
        ),
        pytest.param("Zażółć".encode("utf-16"), "Zażółć", id="UTF-16, low byte first"),
        pytest.param(b"\xfe\xff\x00a", "a", id="UTF-16, high byte first"),
        pytest.param(b"a\r\n\x1a", "a\n", id="DOS end mark"),
        pytest.param("a\vb\u2028c\u0085d".encode(), "a\nb\nc\nd", id="soft line breaks"),
    ],
)
def test_a_text_of_an_older_program_is_converted_and_that_is_said(
    content: bytes, text: str
) -> None:
    attachment = inspect("a.txt", content)

    assert (attachment.text, attachment.copy) == (text, text.encode())
    assert attachment.remarks == (Remark.CONVERTED,)


def test_line_ends_of_windows_and_a_byte_order_mark_go_without_a_word() -> None:
    assert inspect("a.txt", b"\xef\xbb\xbfa\r\nb").remarks == ()


@pytest.mark.parametrize("ending", ["jpg", "jpeg", "jfif", "jpe", "JPG"])
def test_a_photograph_has_several_endings(ending: str) -> None:
    buffer = BytesIO()
    Image.new("RGB", (8, 8), "navy").save(buffer, "JPEG")

    assert inspect(f"a.{ending}", buffer.getvalue()).kind is Kind.JPEG


def test_a_file_that_breaks_its_parser_is_refused_as_unreadable() -> None:
    refused = refusal("a.png", a_png()[:20])

    assert refused.reason is Reason.UNREADABLE
    assert refused.__cause__ is not None


@pytest.mark.parametrize("reason", list(Reason))
def test_every_refusal_says_what_to_do_next(reason: Reason) -> None:
    error = AttachmentRefusedError(reason)

    assert isinstance(error, BrokerError)
    assert any(
        advice in str(error)
        for advice in (
            "choose",
            "Attach only",
            "attach them one by one",
            "Save or print",
            "Tell your own IT",
        )
    )
