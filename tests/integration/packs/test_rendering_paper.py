import hashlib
import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import page
import pikepdf
import pytest
import typst
from drawings import drawn
from PIL import Image
from word_packages import a_docx, paragraph

from broker.packs import pdfium
from broker.packs.rendering import Enclosure, Entry, PackDocument, Section, paper, render

REFERENCE = "PRV-7Q4K-M2XH"
DOCUMENT = PackDocument(
    reference=REFERENCE,
    title="Prevent referral",
    purpose="Referral to the police Prevent team",
    sender="Midshire Example Trust",
    recipient="Example Prevent Team",
    created_at=datetime(2026, 6, 24, 22, 5, tzinfo=UTC),
    contact="01632 960 001",
    sections=(
        Section(
            title="The individual",
            entries=(
                Entry(label="Name", value="Alex Example-Żółty"),
                Entry(label="Concern", value="First.\n\nSecond.", note="Reported by others"),
            ),
        ),
    ),
    basis="UK GDPR Article 6(1)(e)",
    held_back="Something was held back. Ask Midshire Example Trust if you need more.",
    obligations=("Tell the person by 1 July 2026.",),
)


def with_value(value: str) -> PackDocument:
    section = Section(title="Only", entries=(Entry(label="Words", value=value),))
    return replace(DOCUMENT, sections=(section,))


def a_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def a_pdf(pages: int) -> bytes:
    document = pikepdf.Pdf.new()
    for _ in range(pages):
        document.add_blank_page()
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


ENCLOSURES = (
    Enclosure(attachment=drawn("Alex.png", a_png()), carries=("Photograph",)),
    Enclosure(attachment=drawn("Alex.pdf", a_pdf(2)), carries=("Concern", "Threats")),
    Enclosure(attachment=drawn("Alex.txt", b"Words of a made-up note."), carries=()),
)


def text(pdf: bytes) -> str:
    with pdfium.opened(pdf) as document:
        pages = [document.text(index) for index in range(document.pages)]
    return " ".join("\n".join(pages).replace("\ufffe", "").replace("\u200b", "").split())


def faults(pdf: bytes) -> list[str]:
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    return [failure.message for failure in report.failures]


@pytest.fixture(name="rendered", scope="module")
def _rendered() -> bytes:
    return render(DOCUMENT, ENCLOSURES)


def test_the_whole_document_meets_pdf_ua_1(rendered: bytes) -> None:
    assert faults(rendered) == []


def test_the_same_input_gives_the_same_bytes(rendered: bytes) -> None:
    assert render(DOCUMENT, ENCLOSURES) == rendered


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("OFFICIAL-SENSITIVE", id="marking"),
        pytest.param(f"Reference {REFERENCE}", id="reference"),
        pytest.param("From Midshire Example Trust To Example Prevent Team", id="agencies"),
        pytest.param("Purpose Referral to the police Prevent team", id="purpose"),
        pytest.param("Made 24 June 2026 at 23:05", id="UK time"),
        pytest.param("Questions 01632 960 001", id="contact"),
        pytest.param("How to use this document", id="instructions"),
        pytest.param("Tell the person by 1 July 2026.", id="obligation"),
        pytest.param("Legal basis UK GDPR Article 6(1)(e)", id="legal basis"),
        pytest.param("The individual Name Alex Example-Żółty", id="section"),
        pytest.param("Reported by others First. Second.", id="note before the words"),
        pytest.param("What this document holds The individual", id="contents"),
        pytest.param("Something was held back. Ask Midshire Example Trust", id="held back"),
        pytest.param("2 PDF document, 1 kB", id="attachment list"),
        pytest.param("Carries: Concern; Threats", id="what an attachment carries"),
        pytest.param("Carries: no field of the form", id="carries nothing"),
        pytest.param("Attachment 2, page 2 of 2", id="attachment page"),
        pytest.param("text only (layout not kept) Words of a made-up note.", id="text"),
        pytest.param("Page 1 of ", id="page number"),
    ],
)
def test_the_pages_say(rendered: bytes, words: str) -> None:
    assert words in text(rendered)


def test_the_digests_can_be_copied_whole(rendered: bytes) -> None:
    found = text(rendered)

    assert [one.attachment.sha256 in found for one in ENCLOSURES] == [True, True, True]


def a_photograph() -> bytes:
    """A photograph that says which camera took it, so that what goes along is written anew."""
    exif, buffer = Image.Exif(), io.BytesIO()
    exif[0x0110] = "An invented camera"
    Image.new("RGB", (60, 40), "navy").save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


NOTHING_GOES = "Only what stands on these pages goes: the file itself stays with the sender."


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param(
            "a.png", a_png(), "Goes along as 01-attachment.png, byte for byte", id="as it was"
        ),
        pytest.param(
            *("a.jpg", a_photograph(), "A copy goes along as 01-attachment.jpg, written anew;"),
            id="anew",
        ),
        pytest.param("a.pdf", a_pdf(1), NOTHING_GOES, id="pages alone"),
        pytest.param("a.docx", a_docx(paragraph("Words.")), NOTHING_GOES, id="words alone"),
    ],
)
def test_the_list_says_what_goes_along_and_by_which_value_it_is_known(
    name: str, content: bytes, said: str
) -> None:
    attachment = drawn(name, content)
    found = text(render(DOCUMENT, (Enclosure(attachment=attachment, carries=()),)))
    digests = set(re.findall(r"\b[0-9a-f]{64}\b", found))
    along = {attachment.goes_along} - {None}

    assert said in found
    assert digests == {hashlib.sha256(one).hexdigest() for one in (content, *along) if one}
    assert ("Files go along besides" in found) == bool(along)
    assert ("01-attachment" in found) == bool(along)


def test_what_nobody_decided_speaks_of_no_decision() -> None:
    found = text(render(replace(DOCUMENT, decided=False)))

    assert "If anybody is in immediate danger, call 999." in found
    assert [word in found for word in ("decision", "receipt")] == [False, False]


def test_the_name_that_a_person_gave_a_file_is_nowhere(rendered: bytes) -> None:
    assert "Alex." not in text(rendered)


def test_a_moment_between_two_seconds_can_be_put_on_paper(rendered: bytes) -> None:
    between = DOCUMENT.created_at.replace(microsecond=250_000)

    assert render(replace(DOCUMENT, created_at=between), ENCLOSURES) == rendered


def test_what_is_empty_has_no_heading() -> None:
    found = text(render(replace(DOCUMENT, held_back="", basis="", obligations=())))

    assert [
        word in found for word in ("held back", "Legal basis", "must be done", "Attachments")
    ] == [False] * 4


def test_given_words_are_never_markup() -> None:
    words = '#read("/etc/passwd") *b* _i_ $x$ = H <l> @r \\ // "q" #{1+1} `raw`'

    assert words in text(render(with_value(words)))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("", id="nothing"),
        pytest.param("\n\n \n", id="only line ends"),
        pytest.param("Llŷn Żółć العربية עברית Ελλ кир", id="scripts"),
        pytest.param("😀 中 বাংলা ਪੰਜਾਬੀ አማርኛ", id="more scripts"),
        pytest.param("𐂂 \u09be𞸀", id="scripts without a font"),
        pytest.param("محمد 01632 960 101\n\nעברית", id="from right to left"),
        pytest.param("\0\x07\u202e\u200b\ud800", id="control characters"),
        pytest.param("x" * 5_000, id="one long word"),
        pytest.param("e\u0304\u0323\u0328\u20e3" * 3, id="stacked accents"),
    ],
)
def test_any_text_renders_and_stays_accessible(value: str) -> None:
    assert faults(render(with_value(value))) == []


def test_letters_that_cannot_stand_together_are_spelled_out() -> None:
    # The letter is in one font and the accent in another, so no glyph holds both.
    assert "1[U+2CEF]" in text(render(with_value("1\u2cef")))


def test_a_hundred_thousand_characters_come_out_whole() -> None:
    words = " ".join(f"word{number:05}" for number in range(10_000))

    found = text(render(with_value(words)))

    assert [number for number in range(10_000) if f"word{number:05}" not in found] == []


@pytest.mark.parametrize("size", [(1, 9_000), (9_000, 1), (1, 1)], ids=str)
def test_a_picture_of_any_shape_is_put_on_paper(size: tuple[int, int]) -> None:
    buffer = io.BytesIO()
    Image.new("L", size).save(buffer, "PNG")

    pdf = render(DOCUMENT, [Enclosure(attachment=drawn("a.png", buffer.getvalue()), carries=())])

    assert faults(pdf) == []


def test_a_large_file_is_listed_in_megabytes() -> None:
    attachment = ENCLOSURES[0].attachment
    padded = replace(attachment, content=attachment.content + bytes(2_340_000))

    assert "2.3 MB" in text(render(DOCUMENT, [Enclosure(attachment=padded, carries=())]))


@pytest.mark.parametrize("message", ["could not be displayed", "something else"])
def test_a_failure_of_the_typesetter_does_not_repeat_the_text(
    message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> bytes:
        raise typst.TypstError(f"{message}: Alex Example", "")

    monkeypatch.setattr(typst, "compile", fails)

    with pytest.raises(paper.CannotRenderError) as caught:
        render(DOCUMENT)

    assert "Alex" not in f"{caught.value} {caught.value.__cause__}"
