import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import ExifTags, Image

from broker.packs import pdfium
from broker.packs.attachments import AttachmentRefusedError, Reason, Remark, pdf, pdfstreams
from broker.packs.attachments.gate import inspect


def a_pdf(change: Callable[[Pdf], object] = lambda _: None, *, pages: int = 1) -> bytes:
    document = Pdf.new()
    for _ in range(pages):
        document.add_blank_page()
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def linearised() -> bytes:
    buffer = io.BytesIO()
    document = Pdf.new()
    document.add_blank_page()
    document.save(buffer, linearize=True)
    return buffer.getvalue()


def saved_twice(content: bytes, changed: bytes = b"") -> bytes:
    """The file with a second table behind its end: empty as in Office, or with a change."""
    start = content.rindex(b"startxref")
    return content + changed + b"\nxref\n0 0\ntrailer <</Size 1>>\n" + content[start:]


CHANGED = b"\n9 0 obj\n<</Title(Second)>>\nendobj"


def encrypted(*, user: str, owner: str) -> bytes:
    buffer = io.BytesIO()
    document = Pdf.new()
    document.add_blank_page()
    document.save(buffer, encryption=pikepdf.Encryption(R=6, user=user, owner=owner))
    return buffer.getvalue()


def reason(content: bytes) -> Reason:
    with pytest.raises(AttachmentRefusedError) as caught:
        inspect("a.pdf", content)
    return caught.value.reason


def in_root(key: str, value: Callable[[Pdf], object]) -> bytes:
    return a_pdf(lambda document: document.Root.__setitem__(key, value(document)))


def action(kind: str, **more: Object) -> Dictionary:
    return Dictionary({"/S": Name(kind)} | {f"/{key}": value for key, value in more.items()})


def annotation(kind: str, **more: Object | int) -> bytes:
    one = Dictionary(Type=Name.Annot, Subtype=Name(kind), Rect=[0, 0, 9, 9])
    for key, value in more.items():
        one[f"/{key}"] = value
    return a_pdf(lambda document: document.pages[0].__setitem__("/Annots", Array([one])))


def with_layers(**shown: Any) -> bytes:
    return in_root("/OCProperties", lambda _: Dictionary(D=Dictionary(**shown)))


def with_image(width: int, height: int, **more: int) -> bytes:
    def change(document: Pdf) -> None:
        image = Stream(document, b"x", Subtype=Name.Image, Width=width, Height=height, **more)
        document.pages[0].Resources = Dictionary(XObject=Dictionary(I=image))

    return a_pdf(change)


def with_photograph(*, position: bool, packed: bool = False) -> bytes:
    exif = Image.Exif()
    if position:
        exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (51.0, 30.0, 0.0)})
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(buffer, "JPEG", exif=exif.tobytes())
    if packed:
        return with_stream(zlib.compress(buffer.getvalue()), "/FlateDecode", "/DCTDecode")
    return with_stream(buffer.getvalue(), "/DCTDecode")


def with_stream(content: bytes, *filters: str) -> bytes:
    def change(document: Pdf) -> None:
        names = list(map(Name, filters))
        document.Root.Odd = Stream(
            document, content, Filter=Array(names) if names[1:] else names[0]
        )

    return a_pdf(change)


@pytest.mark.parametrize("pages", [1, 3, 100])
def test_a_sound_pdf_has_its_pages(pages: int) -> None:
    assert inspect("a.pdf", a_pdf(pages=pages)).pages == pages


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            in_root("/OpenAction", lambda _: action("/JavaScript", JS=String("x"))),
            Reason.ACTIVE,
            id="script at opening",
        ),
        pytest.param(
            in_root("/OpenAction", lambda _: action("/URI", URI=String("https://x.example"))),
            Reason.ACTIVE,
            id="address at opening",
        ),
        pytest.param(in_root("/AA", lambda _: Dictionary()), Reason.ACTIVE, id="further actions"),
        pytest.param(
            in_root("/Names", lambda _: Dictionary(JavaScript=Dictionary())),
            Reason.ACTIVE,
            id="named scripts",
        ),
        pytest.param(
            in_root("/AcroForm", lambda _: Dictionary(XFA=String("x"))), Reason.ACTIVE, id="XFA"
        ),
        pytest.param(
            in_root("/Names", lambda _: Dictionary(EmbeddedFiles=Dictionary())),
            Reason.EMBEDDED,
            id="embedded files",
        ),
        pytest.param(
            in_root("/Odd", lambda d: Stream(d, b"x", Type=Name.EmbeddedFile)),
            Reason.EMBEDDED,
            id="embedded stream",
        ),
        pytest.param(annotation("/Link", A=action("/Launch")), Reason.ACTIVE, id="launch"),
        pytest.param(annotation("/Link", A=action("/SubmitForm")), Reason.ACTIVE, id="submit"),
        pytest.param(annotation("/Link", A=action("/GoToR")), Reason.EXTERNAL, id="other file"),
        pytest.param(annotation("/Text", Contents=String("x")), Reason.COMMENTS, id="note"),
        pytest.param(
            annotation("/Highlight", Contents=String("x")), Reason.COMMENTS, id="words on a mark"
        ),
        pytest.param(saved_twice(a_pdf(), CHANGED), Reason.EARLIER, id="earlier version"),
        pytest.param(
            saved_twice(linearised(), CHANGED), Reason.EARLIER, id="earlier version for the web"
        ),
        pytest.param(annotation("/FileAttachment"), Reason.EMBEDDED, id="file on the page"),
        pytest.param(annotation("/RichMedia"), Reason.ACTIVE, id="rich media"),
        pytest.param(with_image(50_000, 50_000), Reason.PIXELS, id="huge picture"),
        pytest.param(
            with_image(50_000, 50_000, BitsPerComponent=1), Reason.PIXELS, id="huge scan"
        ),
        pytest.param(
            annotation("/FreeText", F=2, Contents=String("x")), Reason.HIDDEN, id="hidden words"
        ),
        pytest.param(
            annotation("/Stamp", F=32, RC=String("x")), Reason.COMMENTS, id="words on a stamp"
        ),
        pytest.param(with_layers(OFF=Array([Dictionary()])), Reason.HIDDEN, id="layer off"),
        pytest.param(with_layers(BaseState=Name.OFF), Reason.HIDDEN, id="every layer off"),
        pytest.param(
            in_root("/AcroForm", lambda _: Dictionary(XFA=String("x"), EF=Dictionary())),
            Reason.ACTIVE,
            id="XFA with files",
        ),
        pytest.param(a_pdf(pages=101), Reason.TOO_LONG, id="too many pages"),
        pytest.param(a_pdf(pages=0), Reason.UNREADABLE, id="no page"),
        pytest.param(encrypted(user="a", owner="b"), Reason.ENCRYPTED, id="password to open"),
        pytest.param(encrypted(user="", owner="b"), Reason.ENCRYPTED, id="restricted"),
        pytest.param(b"MZ" + a_pdf(), Reason.CONTENT, id="program before the start"),
        pytest.param(b"%PDF-1.7\n%%EOF", Reason.UNREADABLE, id="nothing inside"),
    ],
)
def test_a_pdf_with_more_than_its_pages_show_is_refused(content: bytes, expected: Reason) -> None:
    assert reason(content) is expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            in_root("/OpenAction", lambda d: Array([d.pages[0].obj, Name.Fit])), id="view"
        ),
        pytest.param(in_root("/OpenAction", lambda _: action("/GoTo", D=Array([]))), id="go to"),
        pytest.param(
            annotation("/Link", A=action("/URI", URI=String("https://x.example"))), id="link"
        ),
        pytest.param(annotation("/Highlight"), id="mark"),
        pytest.param(annotation("/Text", Contents=String(" ")), id="empty note"),
        pytest.param(annotation("/Popup"), id="empty pop-up"),
        pytest.param(annotation("/Link", F=2, Contents=String("x")), id="hidden link"),
        pytest.param(saved_twice(a_pdf()), id="second table that changes nothing"),
        pytest.param(b"\xef\xbb\xbf" + a_pdf(), id="mark before the start"),
        pytest.param(with_image(12_000, 13_000, BitsPerComponent=1), id="large scan of one bit"),
        pytest.param(with_layers(), id="layers that are all shown"),
        pytest.param(annotation("/FreeText", Contents=String("x")), id="words on the page"),
        pytest.param(linearised(), id="made for the web"),
        pytest.param(with_image(600, 400), id="picture"),
        pytest.param(with_photograph(position=False), id="photograph"),
        pytest.param(with_stream(b"not deflated", "/FlateDecode"), id="damaged extra"),
        pytest.param(a_pdf() + b"\r\n\0", id="white space behind the end"),
    ],
)
def test_what_office_programs_write_is_let_in(content: bytes) -> None:
    assert inspect("a.pdf", content).pages == 1


@pytest.mark.parametrize("packed", [False, True])
def test_where_a_photograph_in_a_pdf_was_taken_stays_behind_and_that_is_said(
    *, packed: bool
) -> None:
    located = inspect("a.pdf", with_photograph(position=True, packed=packed))
    plain = inspect("a.pdf", with_photograph(position=False, packed=packed))

    assert located.remarks == (Remark.AS_PAGES, Remark.LOCATION, Remark.BLANK)
    assert plain.remarks == (Remark.AS_PAGES, Remark.BLANK)


def test_what_is_behind_the_end_of_a_pdf_stays_behind_and_that_is_said() -> None:
    assert Remark.TRAILING in inspect("a.pdf", a_pdf() + b"PK\x03\x04").remarks


def test_a_pdf_itself_does_not_go_along() -> None:
    assert inspect("a.pdf", a_pdf()).copy is None


@pytest.mark.parametrize("behind", [b"\n", b"\r\n", b"x" * 2_000_000])
def test_bytes_behind_a_packed_stream_do_not_stop_the_count(behind: bytes) -> None:
    packed = zlib.compress(bytes(1_500_000)) + behind

    size, _ = pdfstreams.inflated(packed, 5_000_000)

    assert size == 1_500_000


@pytest.mark.parametrize("size", [1_000_000, 2_000_000])
def test_a_stream_that_is_cut_short_is_counted_to_its_end(size: int) -> None:
    counted, _ = pdfstreams.inflated(zlib.compress(bytes(size))[:-4], 5_000_000)

    assert counted == size


def test_more_objects_than_a_document_needs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_OBJECTS", 2)

    assert reason(a_pdf()) is Reason.BOMB


def test_streams_are_counted_as_they_unpack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfstreams, "MAX_UNPACKED", 5_000_000)
    bomb = with_stream(zlib.compress(bytes(6_000_000)), "/FlateDecode")

    assert reason(bomb) is Reason.BOMB


def test_a_process_that_checks_pdfs_bounds_what_opening_may_unpack() -> None:
    assert pikepdf.settings.get_qpdf_limits()["flate_max_memory"] == pdfstreams.MAX_UNPACKED


def test_pages_that_two_readers_count_differently_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # No file is known on which the two readers differ, so one of them is told to lie.
    monkeypatch.setattr(pdfium.OpenPdf, "sizes", lambda _: ((9.0, 9.0), (9.0, 9.0)))

    assert reason(a_pdf()) is Reason.UNREADABLE
