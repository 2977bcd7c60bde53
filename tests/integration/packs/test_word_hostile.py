"""Hostile Word files end soon, with little memory, and with a refusal or a plain text."""

import io
import random
import struct
import time
import tracemalloc
import zipfile
import zlib
from typing import Any

import pytest
from word_packages import BODY, TYPES, a_docx, field, paragraph, part, table, with_parts, zipped

from broker.packs.attachments import AttachmentRefusedError, Reason, archive
from broker.packs.attachments.archive import Archive
from broker.packs.attachments.gate import inspect
from broker.packs.attachments.word import examine
from broker.packs.attachments.word.parts.markup import MAX_DEPTH

PLAIN = paragraph("Made-up words.")
SECONDS = 20
"""Of the processor: far above what is needed, far below what the faults took."""


def reason(content: bytes) -> Reason:
    with pytest.raises(AttachmentRefusedError) as caught:
        inspect("a.docx", content)
    return caught.value.reason


def bulky(body: str, styles: str = "") -> bytes:
    """A file so large on its own that unpacking is not what stops it."""
    padding = random.Random(1).randbytes(800_000)  # noqa: S311 - nothing secret: it only fills
    return with_parts(a_docx(body, styles=styles), {"word/media/p.png": padding})


def nested(tag: str, depth: int, inside: str = "") -> str:
    return f"<{tag}>" * depth + inside + f"</{tag}>" * depth


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(nested("w:sdt", MAX_DEPTH), id="controls"),
        pytest.param(nested("w:r", 100_000), id="runs"),
        pytest.param("<w:b>" * 400_000, id="never closed"),
        pytest.param(
            nested("mc:AlternateContent><mc:Choice", 9).replace(
                "</mc:AlternateContent><mc:Choice>", "</mc:Choice></mc:AlternateContent>"
            ),
            id="alternates",
        ),
        pytest.param(
            "<w:p>"
            + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 50
            + '<w:r><w:fldChar w:fldCharType="end"/></w:r>' * 50
            + "</w:p>",
            id="fields",
        ),
    ],
)
def test_things_inside_each_other_are_refused_before_they_are_walked(body: str) -> None:
    started = time.process_time()

    assert reason(bulky(body)) is Reason.UNREADABLE
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("container", ["w:sdt", "w:customXml", "w:p", "w:r", "m:e", "v:group"])
def test_what_is_just_not_too_deep_is_read(container: str) -> None:
    assert examine(a_docx(PLAIN + nested(container, MAX_DEPTH - 2))).text == "Made-up words."


def test_tables_in_tables_are_read_as_deep_as_they_may_be() -> None:
    deep = (MAX_DEPTH - 6) // 3
    body = "<w:tbl><w:tr><w:tc>" * deep + PLAIN + "</w:tc></w:tr></w:tbl>" * deep

    assert examine(a_docx(body)).text == "Made-up words."


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<w:p/>" * 510_000, id="paragraphs"),
        pytest.param("<w:p>" + "<w:r/>" * 1_000_000 + "</w:p>", id="runs"),
        pytest.param("<!---->" * 2_000_000, id="remarks"),
        pytest.param("<?x?>" * 2_000_000, id="instructions"),
        pytest.param(
            "<w:p " + " ".join(f'a{n}=""' for n in range(1_600_000)) + "/>", id="attributes"
        ),
        pytest.param('<w:p xmlns:q="u"/>' * 350_000, id="namespaces"),
    ],
)
def test_a_million_of_anything_is_refused_in_bearable_time_and_memory(body: str) -> None:
    content = bulky(body)
    started = time.process_time()
    refused = reason(content)
    taken = time.process_time() - started

    assert refused is Reason.TOO_LONG
    assert taken < SECONDS


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<w:p/>" * 30_000, id="paragraphs"),
        pytest.param("<w:p>" + "<w:r><w:t>a</w:t></w:r>" * 30_000 + "</w:p>", id="runs"),
        pytest.param(
            "<w:p>" + field("REF x", "<w:r><w:t>a</w:t></w:r>") * 6_000 + "</w:p>", id="fields"
        ),
        pytest.param(table(*[["<w:p/>"] * 10] * 2_000), id="cells"),
        pytest.param("<w:p><w:r><w:t>a" + "<!---->a" * 150_000 + "</w:t></w:r></w:p>", id="cut"),
        pytest.param(
            "<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 30_000 + "</w:p>",
            id="fields without an end",
        ),
        pytest.param(
            "<w:p>" + '<w:r><w:footnoteReference w:id="1"/></w:r>' * 9_000 + "</w:p>", id="notes"
        ),
    ],
)
def test_long_files_are_read_in_time_that_grows_with_them(body: str) -> None:
    started = time.process_time()
    examine(bulky(body))

    assert time.process_time() - started < SECONDS


def test_many_different_notes_take_no_time_of_their_own() -> None:
    body = (
        "<w:p>"
        + "".join(f'<w:r><w:footnoteReference w:id="{n}"/></w:r>' for n in range(9_000))
        + "</w:p>"
    )
    started = time.process_time()
    examine(bulky(body))

    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize(
    "styles",
    [
        pytest.param(
            '<w:style w:styleId="Z"><w:basedOn w:val="Z"/></w:style>', id="based on itself"
        ),
        pytest.param(
            "".join(
                f'<w:style w:styleId="Z{n}"><w:basedOn w:val="Z{n + 1}"/></w:style>'
                for n in range(20_000)
            ),
            id="long chain",
        ),
    ],
)
def test_styles_that_lead_nowhere_end(styles: str) -> None:
    assert examine(a_docx(paragraph("Made-up words.", style="Z"), styles=styles)).text


WIDE = "<w:tblStylePr/>" * 60_000
LONG = "<w:pPr>" + "<w:keepNext/>" * 60_000 + "</w:pPr>"


@pytest.mark.parametrize(
    ("body", "styles"),
    [
        pytest.param(
            table(["<w:p/>"], style="T") * 20_000,
            f'<w:style w:type="table" w:styleId="T">{WIDE}</w:style>',
            id="style of a table",
        ),
        pytest.param(
            '<w:p><w:pPr><w:pStyle w:val="T"/></w:pPr></w:p>' * 40_000,
            f'<w:style w:type="paragraph" w:styleId="T">{LONG}</w:style>',
            id="style of a paragraph",
        ),
    ],
)
def test_a_long_style_is_read_once(body: str, styles: str) -> None:
    started = time.process_time()
    examine(bulky(body, styles))

    assert time.process_time() - started < SECONDS


def test_shapes_inside_each_other_are_refused() -> None:
    shapes = nested("v:shape", 20)

    assert reason(a_docx(f"<w:p><w:r><w:pict>{shapes}</w:pict></w:r></w:p>")) is Reason.UNREADABLE


def test_numbers_of_any_size_stay_short() -> None:
    levels = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="999999999"/>'
        '<w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    body = paragraph("x", properties='<w:numPr><w:numId w:val="1"/></w:numPr>')

    assert examine(a_docx(body, numbering=levels)).text == "999999999 x"
    assert examine(a_docx(body, numbering=levels.replace("999999999", "9" * 5_000))).text


# The container


@pytest.mark.parametrize(
    "name", ["../x.xml", "/x.xml", "a\\x.xml"], ids=["up", "root", "backslash"]
)
def test_a_member_that_would_leave_the_folder_is_refused(name: str) -> None:
    assert reason(with_parts(a_docx(PLAIN), {name: b"<x/>"})) is Reason.UNREADABLE


def test_names_that_differ_in_case_only_are_refused() -> None:
    assert reason(with_parts(a_docx(PLAIN), {BODY.upper(): b"<d/>"})) is Reason.UNREADABLE


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    buffer = io.BytesIO(a_docx(PLAIN))
    with zipfile.ZipFile(buffer, "a") as container:
        container.writestr(BODY, part("document", "<w:body/>"))

    assert reason(buffer.getvalue()) is Reason.UNREADABLE


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(a_docx(PLAIN))
    content[content.index(b"PK\x01\x02") + 8] |= 1

    assert reason(bytes(content)) is Reason.ENCRYPTED


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_gives_out_more_than_was_asked_for_is_refused(method: int) -> None:
    assert reason(zipped({TYPES: b"<T/>"}, method)) is Reason.UNREADABLE


def test_more_than_a_thousand_members_are_refused() -> None:
    assert reason(zipped({f"p{n}.xml": b"<x/>" for n in range(1_001)})) is Reason.BOMB


def test_a_million_entries_are_refused_before_the_directory_is_read() -> None:
    entry = b"PK\x01\x02" + bytes(42)
    directory = entry * 200_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_535, 65_535, len(directory), 0, 0)
    tracemalloc.start()
    refused = reason(b"PK\x03\x04" + directory + end)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert refused is Reason.BOMB
    assert most < 20_000_000


def test_a_bomb_stops_at_a_hundred_times_its_size() -> None:
    content = with_parts(a_docx(PLAIN), {"word/media/image1.png": bytes(20_000_000)})

    assert len(content) < 200_000
    assert reason(content) is Reason.BOMB


def test_a_bomb_is_counted_over_all_members() -> None:
    pieces = {f"word/media/{n}.png": bytes(600_000) for n in range(20)}

    assert reason(with_parts(a_docx(PLAIN), pieces)) is Reason.BOMB


def test_the_sizes_in_the_directory_are_not_believed() -> None:
    content = bytearray(with_parts(a_docx(PLAIN), {BODY: bytes(20_000_000)}))
    place = content.rindex(BODY.encode()) - 46
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")

    assert reason(bytes(content)) is Reason.UNREADABLE


def test_each_reading_of_a_member_is_counted() -> None:
    container = Archive(zipped({"a": bytes(600_000), "b": b"x"}))
    container.read("a")

    with pytest.raises(AttachmentRefusedError):
        container.read("a")


def test_members_that_share_their_bytes_are_refused() -> None:
    name = b"a.xml"
    packed = zlib.compress(bytes(900_000))[2:-4]
    crc = zlib.crc32(bytes(900_000))
    local = struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), 900_000, len(name), 0
    )
    entries = b"".join(
        struct.pack(
            "<4s6H3L5H2L",
            *(b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(packed), 90),
            *(len(name), 0, 0, 0, 0, 0, 0),
        )
        + b"%c.xml" % (97 + number)
        for number in range(3)
    )
    body = local + name + packed
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(entries), len(body), 0)

    assert reason(body + entries + end) is Reason.BOMB


def test_a_zip_file_before_the_zip_file_is_refused() -> None:
    assert reason(zipped({"a": b"x"}) + a_docx(PLAIN)) is Reason.UNREADABLE


def test_zip64_and_data_descriptors_are_read() -> None:
    class Stream(io.RawIOBase):
        """Cannot be wound back, so that sizes come behind the data."""

        def __init__(self) -> None:
            self.written = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, piece: Any) -> int:
            data = bytes(piece)
            self.written += data
            return len(data)

    stream = Stream()
    with (
        zipfile.ZipFile(io.BytesIO(a_docx(PLAIN))) as own,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for name in own.namelist():
            with copy.open(name, "w", force_zip64=True) as member:
                member.write(own.read(name))

    assert examine(bytes(stream.written)).text == "Made-up words."


def test_the_limit_of_members_is_what_is_documented() -> None:
    assert (archive.MAX_MEMBERS, archive.MAX_UNPACKED, archive.MAX_RATIO) == (
        1_000,
        2 * 10**8,
        100,
    )
