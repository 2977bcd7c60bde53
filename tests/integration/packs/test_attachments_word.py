import io
import zipfile

import pytest
from PIL import ExifTags, Image

from broker.packs.attachments import AttachmentRefusedError, Reason, archive, inspect

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "[Content_Types].xml"
BODY = "word/document.xml"
MACRO_TYPE = b'<T><O ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></T>'
PLAIN = "<w:p><w:r><w:t>Made-up words.</w:t></w:r></w:p>"


HIDING_STYLE = '<w:style w:styleId="Z"><w:rPr><w:vanish/></w:rPr></w:style>'
USES_A_STYLE = '<w:p><w:r><w:rPr><w:rStyle w:val="Z"/></w:rPr><w:t>x</w:t></w:r></w:p>'
FIELD = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'


def a_jpeg(*, position: bool = False) -> bytes:
    exif = Image.Exif()
    if position:
        exif.get_ifd(ExifTags.IFD.GPSInfo)[1] = "N"
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(buffer, "JPEG", exif=exif.tobytes())
    return buffer.getvalue()


def a_huge_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("1", (8_000, 6_000)).save(buffer, "PNG")
    return buffer.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return buffer.getvalue()


def part(root: str, inside: str) -> bytes:
    return f"<w:{root} {W} {MC}>{inside}</w:{root}>".encode()


def a_docx(inside: str = PLAIN, **more: bytes) -> bytes:
    """A Word file; names of further parts are written with `__` for `/` and `_` for a dot."""
    further = {name.replace("__", "/").replace("_", "."): more[name] for name in more}
    main = part("document", f"<w:body>{inside}</w:body>")
    return zipped({TYPES: b"<Types/>", "_rels/.rels": b"<R/>", BODY: main} | further)


def relationship(kind: str, target: str, mode: str = "External") -> bytes:
    attributes = f'Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"'
    return f"<Relationships><Relationship {attributes}/></Relationships>".encode()


def reason(content: bytes) -> Reason:
    with pytest.raises(AttachmentRefusedError) as caught:
        inspect("a.docx", content)
    return caught.value.reason


def text(content: bytes) -> str:
    return inspect("a.docx", content).text


def test_words_come_out_in_order_with_tables_breaks_and_notes() -> None:
    inside = (
        "<w:p><w:r><w:t>One</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    content = a_docx(
        inside,
        word__header1_xml=part("hdr", "<w:p><w:r><w:t>Top</w:t></w:r></w:p>"),
        word__footer1_xml=part("ftr", "<w:p/>"),
        word__footnotes_xml=part("footnotes", "<w:p><w:r><w:t>Below</w:t></w:r></w:p>"),
    )

    assert text(content) == (
        "One\ttwo\nthree\na\n\tb\n\n\n[Footnotes]\nBelow\n[Header]\nTop".replace("\n\n\n", "\n")
    )


def test_words_that_stand_twice_for_old_programs_come_out_once() -> None:
    once = "<w:r><w:t>box</w:t></w:r>"
    inside = f"<w:p><mc:AlternateContent><mc:Choice>{once}</mc:Choice><mc:Fallback>{once}"

    assert text(a_docx(f"{inside}</mc:Fallback></mc:AlternateContent></w:p>")) == "box"


def test_pictures_are_counted_because_the_page_does_not_show_them() -> None:
    content = a_docx(word__media__image1_png=b"x", word__media__image2_png=b"x")

    assert text(content) == "Made-up words.\n[Pictures that are only in the original file: 2]"


def test_a_picture_that_gives_nothing_away_is_let_in() -> None:
    content = a_docx(word__media__image1_jpeg=a_jpeg())

    assert text(content).endswith("[Pictures that are only in the original file: 1]")


def test_a_word_file_becomes_no_page_images() -> None:
    assert inspect("a.docx", a_docx()).pages == 0


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(a_docx(word__vbaProject_bin=b"x"), Reason.ACTIVE, id="macro"),
        pytest.param(
            zipped({TYPES: MACRO_TYPE, BODY: part("document", PLAIN)}),
            Reason.ACTIVE,
            id="macro type",
        ),
        pytest.param(a_docx(word__activeX__activeX1_xml=b"<a/>"), Reason.ACTIVE, id="activeX"),
        pytest.param(a_docx(word__embeddings__o_xlsx=b"x"), Reason.EMBEDDED, id="embedding"),
        pytest.param(a_docx(word__afchunk_mht=b"x"), Reason.EMBEDDED, id="imported page"),
        pytest.param(a_docx(word__other_bin=b"x"), Reason.EMBEDDED, id="binary part"),
        pytest.param(a_docx(word__comments_xml=b"<c/>"), Reason.COMMENTS, id="comments"),
        pytest.param(
            a_docx(
                word___rels__settings_xml_rels=relationship(
                    "attachedTemplate", "https://x.example/t"
                )
            ),
            Reason.EXTERNAL,
            id="external template",
        ),
        pytest.param(
            a_docx(word___rels__d_rels=relationship("aFChunk", "p.xml", "Internal")),
            Reason.EMBEDDED,
            id="imported page under a harmless name",
        ),
        pytest.param(
            a_docx(word__webextensions__w_xml=b"<w/>"), Reason.ACTIVE, id="web extension"
        ),
        pytest.param(
            a_docx(word___rels__d_rels=relationship("image", "https://x.example/i.png")),
            Reason.EXTERNAL,
            id="external picture",
        ),
        pytest.param(
            a_docx(word___rels__d_rels=relationship("hyperlink", "file://x.example/share")),
            Reason.EXTERNAL,
            id="link to a share",
        ),
        pytest.param(
            a_docx('<w:p><w:fldSimple w:instr=" DDEAUTO c:\\\\x "/></w:p>'),
            Reason.ACTIVE,
            id="DDE",
        ),
        pytest.param(
            a_docx(
                '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText> D</w:instrText></w:r>'
                "<w:r><w:instrText>DE x</w:instrText></w:r></w:p>"
            ),
            Reason.ACTIVE,
            id="DDE in pieces",
        ),
        pytest.param(
            a_docx("<w:p><w:r><w:instrText>INCLUDETEXT x</w:instrText></w:r></w:p>"),
            Reason.ACTIVE,
            id="include",
        ),
        pytest.param(a_docx("<w:p><w:ins><w:r/></w:ins></w:p>"), Reason.TRACKED, id="insertion"),
        pytest.param(a_docx("<w:p><w:del><w:r/></w:del></w:p>"), Reason.TRACKED, id="deletion"),
        pytest.param(
            a_docx("<w:p><w:r><w:rPr><w:vanish/></w:rPr></w:r></w:p>"), Reason.HIDDEN, id="hidden"
        ),
        pytest.param(
            a_docx(USES_A_STYLE, word__styles_xml=part("styles", HIDING_STYLE)),
            Reason.HIDDEN,
            id="hidden by a style",
        ),
        pytest.param(
            a_docx(f"{FIELD}<w:r><w:instrText>QUOTE 68 68 69</w:instrText></w:r></w:p>"),
            Reason.ACTIVE,
            id="DDE in numbers",
        ),
        pytest.param(
            a_docx(word__media__image1_jpeg=a_jpeg(position=True)),
            Reason.LOCATION,
            id="picture that says where it was taken",
        ),
        pytest.param(
            a_docx(word__media__image1_png=a_huge_png()), Reason.PIXELS, id="huge picture"
        ),
        pytest.param(
            a_docx(f"<w:p><w:r><w:t>{'a' * 200_001}</w:t></w:r></w:p>"),
            Reason.TOO_LONG,
            id="too long",
        ),
        pytest.param(a_docx() + b"MZ", Reason.TRAILING, id="trailing data"),
        pytest.param(zipped({"a.txt": b"x"}), Reason.CONTENT, id="another zip"),
        pytest.param(bytes.fromhex("D0CF11E0A1B11AE1") + b"x", Reason.ENCRYPTED, id="encrypted"),
        pytest.param(a_docx("<w:p>"), Reason.UNREADABLE, id="broken markup"),
        pytest.param(
            zipped({TYPES: b"<T/>", BODY: b'<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>'}),
            Reason.UNREADABLE,
            id="entities",
        ),
    ],
)
def test_a_word_file_with_more_than_its_page_shows_is_refused(
    content: bytes, expected: Reason
) -> None:
    assert reason(content) is expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            a_docx(word___rels__d_rels=relationship("hyperlink", "https://x.example/")), id="link"
        ),
        pytest.param(
            a_docx(word___rels__d_rels=relationship("styles", "styles.xml", "Internal")),
            id="own part",
        ),
        pytest.param(
            a_docx(f'<w:p><w:r><w:rPr><w:vanish w:val="0"/></w:rPr></w:r></w:p>{PLAIN}'),
            id="hiding switched off",
        ),
        pytest.param(
            a_docx(f"<w:p><w:r><w:instrText> PAGE </w:instrText></w:r></w:p>{PLAIN}"),
            id="page number",
        ),
        pytest.param(
            a_docx(f'{FIELD}<w:r><w:instrText>REF x "Link"</w:instrText></w:r></w:p>{PLAIN}'),
            id="field that only mentions a link",
        ),
        pytest.param(
            a_docx(word__styles_xml=part("styles", HIDING_STYLE)), id="hiding style not used"
        ),
        pytest.param(
            a_docx(f"<w:p><w:r><w:rPr><w:webHidden/></w:rPr></w:r></w:p>{PLAIN}"),
            id="page numbers of a table of contents",
        ),
    ],
)
def test_what_ordinary_letters_hold_is_let_in(content: bytes) -> None:
    assert text(content).strip() == "Made-up words."


@pytest.mark.parametrize(
    "name", ["../x.xml", "/x.xml", "a\\x.xml"], ids=["up", "root", "backslash"]
)
def test_a_member_that_would_leave_the_folder_is_refused(name: str) -> None:
    content = zipped({TYPES: b"<T/>", BODY: b"<d/>", name: b"<x/>"})

    assert reason(content) is Reason.UNREADABLE


def test_names_that_differ_in_case_only_are_refused() -> None:
    content = zipped({TYPES: b"<T/>", BODY: b"<d/>", BODY.upper(): b"<d/>"})

    assert reason(content) is Reason.UNREADABLE


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(a_docx())
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1

    assert reason(bytes(content)) is Reason.ENCRYPTED


def test_more_than_a_thousand_members_are_refused() -> None:
    content = zipped({f"p{n}.xml": b"<x/>" for n in range(archive.MAX_MEMBERS + 1)})

    assert reason(content) is Reason.BOMB


def test_a_bomb_stops_at_a_hundred_times_its_size() -> None:
    content = a_docx(word__media__image1_png=bytes(20_000_000))

    assert len(content) < 200_000
    assert reason(content) is Reason.BOMB


def test_a_bomb_is_counted_over_all_members() -> None:
    pieces = {f"word/media/{n}.png": bytes(600_000) for n in range(20)}

    assert reason(zipped({TYPES: b"<T/>", BODY: b"<d/>"} | pieces)) is Reason.BOMB


def test_the_sizes_in_the_directory_are_not_believed() -> None:
    content = bytearray(a_docx(word__media__image1_png=bytes(20_000_000)))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")

    assert reason(bytes(content)) is Reason.UNREADABLE
