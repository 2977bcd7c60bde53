"""What acts, fetches, or must be decided by its writer is refused; ordinary things are not."""

import pytest
from word_packages import (
    BODY,
    COMMENTS_TYPE,
    TYPES,
    Related,
    a_docx,
    content_types,
    field,
    paragraph,
    part,
    relationships,
    with_parts,
    zipped,
)

from broker.packs.attachments import AttachmentRefusedError, Reason
from broker.packs.attachments.gate import inspect
from broker.packs.attachments.remarks import WordRemark
from broker.packs.attachments.word import examine

PLAIN = paragraph("Made-up words.")
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def reason(content: bytes) -> Reason:
    with pytest.raises(AttachmentRefusedError) as caught:
        inspect("a.docx", content)
    return caught.value.reason


def a_related(kind: str, target: str, *, outside: bool = False) -> bytes:
    return a_docx(PLAIN, related=[Related(kind=kind, target=target, outside=outside)])


def in_paragraph(inner: str) -> bytes:
    return a_docx(f"<w:p>{inner}</w:p>{PLAIN}")


def with_settings(target: str) -> bytes:
    template = Related(kind="attachedTemplate", target=target, outside=True)
    return with_parts(
        a_docx(PLAIN, settings='<w:attachedTemplate r:id="rId1"/>'),
        {"word/_rels/settings.xml.rels": relationships([template])},
    )


COMMENT = '<w:comment w:id="1" w:author="A. Invented"><w:p><w:r>{}</w:r></w:p></w:comment>'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            with_parts(a_docx(PLAIN), {"word/vbaProject.bin": b"x"}), Reason.ACTIVE, id="macro"
        ),
        pytest.param(
            with_parts(a_docx(PLAIN), {TYPES: content_types({BODY: MACROS})}),
            Reason.ACTIVE,
            id="macro type",
        ),
        pytest.param(a_related("vbaProject", "x.bin"), Reason.ACTIVE, id="macro by relationship"),
        pytest.param(a_related("control", "activeX1.xml"), Reason.ACTIVE, id="activeX"),
        pytest.param(a_related("oleObject", "o.bin"), Reason.EMBEDDED, id="object"),
        pytest.param(a_related("package", "o.xlsx"), Reason.EMBEDDED, id="workbook"),
        pytest.param(a_related("aFChunk", "p.mht"), Reason.EMBEDDED, id="imported page"),
        pytest.param(a_related("subDocument", "p.docx"), Reason.EMBEDDED, id="subdocument"),
        pytest.param(
            a_docx(PLAIN, comments=COMMENT.format("<w:t>See me</w:t>")),
            Reason.COMMENTS,
            id="comment",
        ),
        pytest.param(
            a_docx(PLAIN, comments=COMMENT.format("<w:drawing/>")),
            Reason.COMMENTS,
            id="comment that is a picture",
        ),
        pytest.param(
            with_parts(
                a_docx(PLAIN, types={"word/remarks.xml": COMMENTS_TYPE}),
                {"word/remarks.xml": part("comments", COMMENT.format("<w:t>See me</w:t>"))},
            ),
            Reason.COMMENTS,
            id="comment that nothing leads to",
        ),
        pytest.param(in_paragraph("<w:ins><w:r/></w:ins>"), Reason.TRACKED, id="insertion"),
        pytest.param(in_paragraph("<w:del><w:r/></w:del>"), Reason.TRACKED, id="deletion"),
        pytest.param(in_paragraph("<w:moveFrom/>"), Reason.TRACKED, id="move"),
        pytest.param(
            a_docx("<w:tbl><w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr></w:tc></w:tr></w:tbl>"),
            Reason.TRACKED,
            id="deleted cell",
        ),
        pytest.param(
            a_docx(
                f'<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>{PLAIN}',
                footnotes='<w:footnote w:id="2"><w:p><w:del/></w:p></w:footnote>',
            ),
            Reason.TRACKED,
            id="deletion in a note",
        ),
        pytest.param(
            with_settings("https://elsewhere.example/t.dotm"), Reason.EXTERNAL, id="template"
        ),
        pytest.param(
            with_settings("\\\\files.elsewhere.example\\t.dotm"),
            Reason.EXTERNAL,
            id="template on somebody's share",
        ),
        pytest.param(
            with_settings("file://192.0.2.7/t.dotm"),
            Reason.EXTERNAL,
            id="template on a numbered host",
        ),
        pytest.param(
            a_related("image", "https://elsewhere.example/i.png", outside=True),
            Reason.EXTERNAL,
            id="picture",
        ),
        pytest.param(
            a_related("frame", "http://elsewhere.example/", outside=True),
            Reason.EXTERNAL,
            id="frame",
        ),
        pytest.param(
            in_paragraph('<w:fldSimple w:instr=" DDEAUTO c:\\\\x "/>'), Reason.ACTIVE, id="DDE"
        ),
        pytest.param(
            in_paragraph(field(" D</w:instrText></w:r><w:r><w:instrText>DE x")),
            Reason.ACTIVE,
            id="DDE in pieces",
        ),
        pytest.param(in_paragraph(field('"INCLUDETEXT" x')), Reason.ACTIVE, id="include"),
        pytest.param(
            in_paragraph(field("INCLUDEPICTURE https://elsewhere.example/i.png \\d")),
            Reason.ACTIVE,
            id="picture that is fetched each time",
        ),
        pytest.param(in_paragraph(field("QUOTE 68 68 69")), Reason.ACTIVE, id="DDE in numbers"),
        pytest.param(zipped({"a.txt": b"x"}), Reason.CONTENT, id="another zip"),
        pytest.param(
            zipped({TYPES: content_types({}), BODY: b"<d/>"}),
            Reason.CONTENT,
            id="no relationship to a document",
        ),
        pytest.param(
            with_parts(a_docx(PLAIN), {TYPES: content_types({BODY: "application/x-sheet"})}),
            Reason.CONTENT,
            id="main part of another kind",
        ),
        pytest.param(
            with_parts(
                a_docx(PLAIN, types={"word/other.xml": MAIN}),
                {
                    "word/other.xml": part("document", f"<w:body>{PLAIN}</w:body>"),
                    "_rels/.rels": relationships(
                        [
                            Related(kind="officeDocument", target=BODY),
                            Related(kind="officeDocument", target="word/other.xml"),
                        ]
                    ),
                },
            ),
            Reason.UNREADABLE,
            id="two main parts",
        ),
        pytest.param(bytes.fromhex("D0CF11E0A1B11AE1") + b"x", Reason.ENCRYPTED, id="encrypted"),
        pytest.param(a_docx("<w:p>"), Reason.UNREADABLE, id="broken markup"),
        pytest.param(
            with_parts(a_docx(), {BODY: b'<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>'}),
            Reason.UNREADABLE,
            id="entities",
        ),
        pytest.param(a_docx(paragraph("a" * 200_001)), Reason.TOO_LONG, id="too long"),
    ],
)
def test_it_is_refused(content: bytes, expected: Reason) -> None:
    assert reason(content) is expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(with_settings("C:\\Users\\invented\\letter.dotx"), id="template on a disk"),
        pytest.param(with_settings("file:///\\\\schoolfiles\\letter.dotx"), id="on the own share"),
        pytest.param(with_settings("letter.dotx"), id="template beside the file"),
        pytest.param(a_related("styles", "nowhere.xml"), id="part that is not there"),
        pytest.param(a_docx(PLAIN, comments="<w:comment w:id='1'><w:p/></w:comment>"), id="mute"),
        pytest.param(in_paragraph("<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>"), id="hidden mark"),
        pytest.param(
            in_paragraph("<w:pPr><w:rPr><w:rPrChange><w:rPr/></w:rPrChange></w:rPr></w:pPr>"),
            id="tracked change of a look",
        ),
        pytest.param(
            in_paragraph("<w:r><w:rPr><w:vanish/></w:rPr></w:r>" + field('XE "Sibling"')),
            id="entry of an index",
        ),
    ],
)
def test_what_ordinary_letters_hold_is_let_in_without_a_word(content: bytes) -> None:
    reading = examine(content)

    assert (reading.text.strip(), reading.remarks) == ("Made-up words.", ())


@pytest.mark.parametrize(
    ("content", "remark"),
    [
        pytest.param(
            with_parts(
                a_docx(PLAIN, types={"word/other.xml": MAIN}),
                {"word/other.xml": part("document", "<w:body/>")},
            ),
            WordRemark.OTHER_DOCUMENT,
            id="second document",
        ),
        pytest.param(
            with_parts(
                a_docx(
                    PLAIN, related=[Related(kind="customXml", target="../customXml/item1.xml")]
                ),
                {"customXml/item1.xml": b"<case><name>Tam Specimen</name></case>"},
            ),
            WordRemark.RECORDS,
            id="record",
        ),
        pytest.param(
            a_docx(PLAIN, settings='<w:docVars><w:docVar w:name="a" w:val="b"/></w:docVars>'),
            WordRemark.RECORDS,
            id="document variable",
        ),
        pytest.param(
            with_parts(a_docx(PLAIN), {"word/webextensions/taskpanes.xml": b"<w/>"}),
            WordRemark.ADD_IN,
            id="add-in beside the page",
        ),
        pytest.param(
            with_parts(a_docx(PLAIN), {"_xmlsignatures/sig1.xml": b"<s/>"}),
            WordRemark.SIGNATURE,
            id="signature",
        ),
        pytest.param(a_docx(PLAIN) + b"MZ", WordRemark.BEHIND, id="trailing data"),
    ],
)
def test_what_nobody_sees_stays_behind_and_is_named(content: bytes, remark: WordRemark) -> None:
    reading = examine(content)

    assert (reading.text, reading.remarks) == ("Made-up words.", (remark,))


@pytest.mark.parametrize("remark", list(WordRemark))
def test_every_remark_is_a_sentence_for_the_sender(remark: WordRemark) -> None:
    assert remark.sentence.endswith(".")
    assert "Word" in remark.sentence
