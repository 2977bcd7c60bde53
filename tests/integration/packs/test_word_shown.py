"""Whatever the page shows in another way than plain letters is said in words, in its place."""

import io

import pytest
from PIL import Image
from word_packages import (
    Related,
    a_docx,
    a_picture,
    drawing,
    field,
    paragraph,
    part,
    picture,
    relationships,
    table,
    text_box,
    with_parts,
)

from broker.packs.attachments import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import WordRemark
from broker.packs.attachments.word import examine
from broker.packs.attachments.word.readings import WordReading


def text(body: str, *, numbering: str = "", styles: str = "") -> str:
    return examine(a_docx(body, numbering=numbering, styles=styles)).text


def line(inner: str) -> str:
    return text(f"<w:p>{inner}</w:p>")


def run(words: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def numbered(level: int, words: str, identifier: str = "1") -> str:
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{identifier}"/></w:numPr>'
    return paragraph(words, properties=properties)


def level(number: int, form: str, label: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'{more}<w:lvlText w:val="{label}"/></w:lvl>'
    )


def a_list(*levels: str, more: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>{more}'
    )


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (run("He ") + run("did not ", "<w:strike/>") + run("see"), "He [struck out: did not] see"),
        (run("a", "<w:dstrike/>") + run("b", "<w:dstrike/>"), "[struck out: ab]"),
        (run("Yes / ") + run("No", '<w:highlight w:val="yellow"/>'), "Yes / [highlighted: No]"),
        (run("10") + run("5", '<w:vertAlign w:val="superscript"/>'), "10^5"),
        (run("1") + run("st", '<w:vertAlign w:val="superscript"/>'), "1st"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a\tb\nc"),
        ("<w:r><w:t>well</w:t><w:noBreakHyphen/><w:t>known</w:t></w:r>", "well-known"),
        ("<w:r><w:t>a</w:t><w:ptab/><w:t>b</w:t></w:r>", "a b"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "\N{CHECK MARK}"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>', "[x]"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0A3"/></w:r>', "\N{LESS-THAN OR EQUAL TO}"),
        ('<w:r><w:sym w:font="Webdings" w:char="F04E"/></w:r>', "\N{EYE}"),
        (run("\uf0fe", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), "[x]"),
        (run("\u2610 yes \u2612 no"), "[ ] yes [x] no"),
        ('<w:r><w16se:symEx w16se:char="1F52A"/></w:r>', "\N{HOCHO}"),
        (
            '<w:r><w:sym w:char="D83D"/><w:sym w:char="DD2A"/></w:r>',
            "\N{HOCHO}",
        ),
        (
            (
                "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>kan</w:t></w:r></w:rt>"
                "<w:rubyBase><w:r><w:t>K</w:t></w:r></w:rubyBase></w:ruby></w:r>"
            ),
            "K (kan)",
        ),
        (
            '<w:bdo w:val="rtl"><w:r><w:t>esaclaf</w:t></w:r></w:bdo>',
            "[written backwards: esaclaf]",
        ),
        ("<w:smartTag><w:r><w:t>in a tag</w:t></w:r></w:smartTag>", "in a tag"),
        (
            (
                "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
                f"{run('Choose an item.')}</w:sdtContent></w:sdt>"
            ),
            "[nothing entered: Choose an item.]",
        ),
        (
            (
                '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="1"/></w14:checkbox></w:sdtPr>'
                "<w:sdtContent/></w:sdt>"
            ),
            "[x]",
        ),
        (field("PAGE"), "[page number]"),
        (field("PAGE", run("4")), "4"),
        (field('SYMBOL 254 \\f "Wingdings"'), "[x]"),
        (field("EQ \\f(1,2)"), "[formula: \\f(1,2)]"),
        (field("MACROBUTTON NoMacro [Click here]"), "[Click here]"),
        (field("FORMDROPDOWN", form="<w:ddList/>"), "[nothing chosen]"),
        (field("FORMCHECKBOX", form="<w:checkBox><w:checked/></w:checkBox>"), "[x]"),
        (
            field("FORMCHECKBOX", form='<w:checkBox><w:default w:val="1"/></w:checkBox>'),
            "[x]",
        ),
        (
            field("IF ", run("shown")).replace("IF ", f"IF {field('REF x', run('not shown'))} "),
            "shown",
        ),
        (
            run("before ") + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("after"),
            "before after",
        ),
        (
            f'<w:fldSimple w:instr=" AUTHOR ">{run("A. Invented")}</w:fldSimple>',
            "A. Invented",
        ),
    ],
)
def test_a_run_says_what_it_shows(inner: str, expected: str) -> None:
    assert line(inner) == expected


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (
            "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>",
            "x^2",
        ),
        (
            "<m:sSub><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sub><m:r><m:t>i</m:t></m:r></m:sub></m:sSub>",
            "x_i",
        ),
        (
            "<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>",
            "(a+b)/2",
        ),
        (
            (
                '<m:f><m:fPr><m:type m:val="noBar"/></m:fPr><m:num><m:r><m:t>n</m:t></m:r></m:num>'
                "<m:den><m:r><m:t>k</m:t></m:r></m:den></m:f>"
            ),
            "n over k",
        ),
        ("<m:rad><m:deg/><m:e><m:r><m:t>x</m:t></m:r></m:e></m:rad>", "\N{SQUARE ROOT}(x)"),
        (
            "<m:d><m:e><m:r><m:t>x</m:t></m:r></m:e><m:e><m:r><m:t>y</m:t></m:r></m:e></m:d>",
            "(x|y)",
        ),
        (
            (
                '<m:nary><m:naryPr><m:chr m:val="\N{N-ARY SUMMATION}"/></m:naryPr><m:sub><m:r>'
                "<m:t>i=1</m:t></m:r></m:sub><m:sup><m:r><m:t>n</m:t></m:r></m:sup><m:e><m:r><m:t>i</m:t></m:r>"
                "</m:e></m:nary>"
            ),
            "\N{N-ARY SUMMATION}_(i=1)^n i",
        ),
        (
            (
                "<m:m><m:mr><m:e><m:r><m:t>a</m:t></m:r></m:e><m:e><m:r><m:t>b</m:t></m:r></m:e></m:mr>"
                "<m:mr><m:e><m:r><m:t>c</m:t></m:r></m:e></m:mr></m:m>"
            ),
            "[a, b; c]",
        ),
        ("<m:acc><m:e><m:r><m:t>x</m:t></m:r></m:e></m:acc>", "x^"),
    ],
)
def test_a_formula_stands_in_one_line(inner: str, expected: str) -> None:
    assert line(f"<m:oMath>{inner}</m:oMath>") == f"[formula: {expected}]"


def test_a_list_of_many_levels_is_counted_as_word_counts() -> None:
    body = (
        numbered(0, "one")
        + numbered(1, "a")
        + numbered(1, "b")
        + numbered(2, "deep")
        + numbered(0, "two")
        + numbered(1, "a again")
        + numbered(2, "deep again")
    )
    numbering = a_list(
        level(0, "decimal", "%1."),
        level(1, "lowerLetter", "(%2)"),
        level(2, "upperRoman", "%1.%2.%3", "<w:isLgl/>"),
    )

    assert text(body, numbering=numbering) == (
        "1. one\n(a) a\n(b) b\n1.2.I deep\n2. two\n(a) a again\n2.1.I deep again"
    )


def test_a_list_starts_anew_where_its_instance_says_so() -> None:
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    body = numbered(0, "a") + numbered(0, "b") + numbered(0, "c", "2") + numbered(0, "d", "2")

    assert text(body, numbering=a_list(level(0, "decimal", "%1)"), more=again)) == (
        "1) a\n2) b\n5) c\n6) d"
    )


@pytest.mark.parametrize(
    ("form", "label", "expected"),
    [
        ("bullet", "\uf0b7", "\N{BULLET} x"),
        ("none", "", "x"),
        ("ordinal", "%1", "1st x"),
        ("decimalZero", "%1.", "01. x"),
        ("cardinalText", "%1", "One x"),
        ("ordinalText", "%1", "First x"),
        ("upperLetter", "%1.", "A. x"),
        ("lowerRoman", "%1.", "i. x"),
    ],
)
def test_each_form_of_number_is_written(form: str, label: str, expected: str) -> None:
    assert text(numbered(0, "x"), numbering=a_list(level(0, form, label))) == expected


def test_bullets_that_are_ticks_stay_ticks() -> None:
    ticked = level(0, "bullet", "\uf0fe").replace(
        "</w:lvl>", '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr></w:lvl>'
    )

    assert text(numbered(0, "told"), numbering=a_list(ticked)) == "[x] told"


def test_headings_are_numbered_by_their_style() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="H"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    linked = level(1, "decimal", "%1.%2", '<w:pStyle w:val="H"/>')
    body = paragraph("heading", style="H") + paragraph("next", style="H")
    numbering = a_list(level(0, "decimal", "%1"), linked)

    assert text(body, styles=styles, numbering=numbering) == "1.1 heading\n1.2 next"


def test_a_paragraph_that_leaves_its_list_has_no_number() -> None:
    assert text(numbered(0, "x", "0"), numbering=a_list(level(0, "decimal", "%1."))) == "x"


def test_cells_of_a_row_stand_beside_each_other_and_long_ones_below() -> None:
    body = table(
        [paragraph("Day"), paragraph("Seen")],
        [paragraph("Monday"), paragraph("A leaflet") + paragraph("and a flag")],
        [paragraph("Tuesday"), "<w:p/>"],
    )

    assert text(body) == "Day | Seen\n| Monday\n| A leaflet\nand a flag\nTuesday |"


def test_a_cell_merged_with_the_one_above_says_so() -> None:
    restart = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>'
    below = "<w:tcPr><w:vMerge/></w:tcPr>"
    body = table(
        [restart + paragraph("Both days"), paragraph("Monday")],
        [f"{below}<w:p/>", paragraph("Tuesday")],
    )

    assert text(body) == "Both days | Monday\n(as above) | Tuesday"


def test_rows_and_cells_inside_controls_are_read() -> None:
    body = (
        f"<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc>{paragraph('a')}</w:tc><w:sdt><w:sdtContent>"
        f"<w:tc>{paragraph('b')}</w:tc></w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt></w:tbl>"
    )

    assert text(body) == "a | b"


def test_a_text_box_stands_behind_its_paragraph() -> None:
    assert line(run("Beside.") + text_box(paragraph("One") + paragraph("two"))) == (
        "Beside.\n[Text box: One\ntwo]"
    )


def test_a_large_first_letter_belongs_to_its_word() -> None:
    body = paragraph("O", properties='<w:framePr w:dropCap="drop"/>') + paragraph("nce")

    assert text(body) == "Once"


def test_notes_follow_the_text_in_the_order_of_their_marks() -> None:
    body = (
        '<w:p><w:r><w:t>a</w:t><w:footnoteReference w:id="5"/><w:t>b</w:t>'
        '<w:footnoteReference w:id="3"/><w:endnoteReference w:id="2"/></w:r></w:p>'
    )
    notes = "".join(
        f'<w:footnote w:id="{number}">{paragraph(f"note {number}")}</w:footnote>'
        for number in (3, 4, 5)
    )
    end = f'<w:endnote w:id="2">{paragraph("the end")}</w:endnote>'

    assert examine(a_docx(body, footnotes=notes, endnotes=end)).text == (
        "a[footnote 1]b[footnote 2][endnote i]\n\n"
        "[Footnotes]\n[footnote 1] note 5\n[footnote 2] note 3\n\n"
        "[Endnotes]\n[endnote i] the end"
    )


def related(body: str, entries: list[Related], parts: dict[str, bytes]) -> WordReading:
    return examine(with_parts(a_docx(body, related=entries), parts))


def test_headers_come_first_and_footers_last_each_once() -> None:
    sections = (
        '<w:p><w:pPr><w:sectPr><w:headerReference w:type="default" r:id="h"/></w:sectPr></w:pPr>'
        "</w:p>"
        '<w:sectPr><w:titlePg/><w:headerReference w:type="first" r:id="f"/>'
        '<w:footerReference w:type="default" r:id="g"/></w:sectPr>'
    )
    entries = [
        Related(kind="header", target="h.xml", identifier="h"),
        Related(kind="header", target="f.xml", identifier="f"),
        Related(kind="footer", target="g.xml", identifier="g"),
    ]
    parts = {
        "word/h.xml": part("hdr", paragraph("Example Lane School")),
        "word/f.xml": part("hdr", paragraph("First page")),
        "word/g.xml": part("ftr", paragraph("Confidential")),
    }

    assert related(paragraph("Body") + sections, entries, parts).text == (
        "[Header]\nExample Lane School\n\n[Header]\nFirst page\n\nBody\n\n[Footer]\nConfidential"
    )


@pytest.mark.parametrize(
    ("target", "words", "expected", "remarks"),
    [
        ("https://school.example/a", "our page", "our page [link: https://school.example/a]", ()),
        ("https://school.example/", "school.example", "school.example", ()),
        ("mailto:a@school.example", "A@school.example", "A@school.example", ()),
        ("tel:+441632960003", "01632 960 003", "01632 960 003", ()),
        ("tel:+441632960004", "01632 960 003", "01632 960 003 [link: tel:+441632960004]", ()),
        (
            "file:///C:/Users/invented/notes.docx",
            "the notes",
            "the notes [link to a file that stays behind]",
            (WordRemark.LINKED_FILE,),
        ),
    ],
)
def test_a_link_says_where_it_leads_unless_its_words_do(
    target: str, words: str, expected: str, remarks: tuple[WordRemark, ...]
) -> None:
    entries = [Related(kind="hyperlink", target=target, outside=True, identifier="l")]
    reading = related(f'<w:p><w:hyperlink r:id="l">{run(words)}</w:hyperlink></w:p>', entries, {})

    assert (reading.text, reading.remarks) == (expected, remarks)
    assert line(field(f'HYPERLINK "{target}"', run(words))) == expected


def test_a_link_inside_the_file_says_nothing_more() -> None:
    assert line(f'<w:hyperlink w:anchor="a">{run("below")}</w:hyperlink>') == "below"
    assert line(field('HYPERLINK \\l "a"', run("below"))) == "below"


def test_pictures_are_numbered_where_they_stand_and_come_out_once() -> None:
    body = f"<w:p>{run('a ')}{picture('p')}{run(' b ')}{picture('q')}{picture('p')}</w:p>"
    entries = [
        Related(kind="image", target="media/1.png", identifier="p"),
        Related(kind="image", target="../media/2.jpg", identifier="q"),
    ]
    one, two = a_picture("navy"), a_picture("green", "JPEG")
    reading = related(body, entries, {"word/media/1.png": one, "media/2.jpg": two})

    assert reading.text == "a [Picture 1] b [Picture 2][Picture 1]"
    assert reading.pictures == (one, two)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "TIFF"])
def test_each_format_that_can_be_shown_is_given_out(form: str) -> None:
    entries = [Related(kind="image", target="media/1.bin", identifier="p")]
    content = a_picture(form=form)
    reading = related(f"<w:p>{picture('p')}</w:p>", entries, {"word/media/1.bin": content})

    assert (reading.pictures, reading.remarks) == ((content,), ())


@pytest.mark.parametrize("content", [b"\x01\0\0\0EMF", b"MZ a program", b""])
def test_a_picture_of_another_format_is_named_and_stays_behind(content: bytes) -> None:
    entries = [Related(kind="image", target="media/1.wmf", identifier="p")]
    reading = related(f"<w:p>{picture('p')}</w:p>", entries, {"word/media/1.wmf": content})

    assert (reading.text, reading.pictures) == ("[Picture that cannot be shown]", ())
    assert reading.remarks == (WordRemark.PICTURE_FORMAT,)


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_what_is_cut_off_a_picture_stays_behind(form: str) -> None:
    image = Image.new("RGB", (64, 64), "white")
    image.paste((255, 0, 0), (32, 0, 64, 64))
    buffer = io.BytesIO()
    image.save(buffer, form)
    entries = [Related(kind="image", target="media/1", identifier="p")]
    body = "<w:p>" + picture("p", '<a:srcRect r="50000" b="25000"/>') + "</w:p>"
    reading = related(body, entries, {"word/media/1": buffer.getvalue()})

    with Image.open(io.BytesIO(reading.pictures[0])) as shown:
        assert (shown.format, shown.size) == (form, (32, 48))
        colours = shown.convert("RGB").getcolors()
    assert colours is not None
    assert all(min(colour) > 128 for _, colour in colours if isinstance(colour, tuple))


def test_a_picture_kept_elsewhere_on_the_disk_is_named() -> None:
    entries = [
        Related(kind="image", target="file:///C:/invented/a.png", outside=True, identifier="p")
    ]
    body = "<w:p>" + drawing('<a:blip r:link="p"/>') + "</w:p>"
    reading = related(body, entries, {})

    assert reading.text == "[Picture that is kept elsewhere]"
    assert reading.remarks == (WordRemark.PICTURE_ELSEWHERE,)


def test_more_pictures_than_pages_may_be_are_refused() -> None:
    entries = [Related(kind="image", target=f"media/{n}", identifier=f"p{n}") for n in range(101)]
    body = f"<w:p>{''.join(picture(f'p{n}') for n in range(101))}</w:p>"

    with pytest.raises(AttachmentRefusedError) as caught:
        related(body, entries, {f"word/media/{n}": a_picture() + bytes(n) for n in range(101)})
    assert caught.value.reason is Reason.TOO_LONG


def test_a_diagram_is_told_with_who_stands_below_whom() -> None:
    points = "".join(
        f'<dgm:pt modelId="{n}"><dgm:t><a:p><a:r><a:t>{name}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for n, name in enumerate(("Grandmother", "Mother", "Tam Specimen", "Uncle"), start=1)
    )
    lines = "".join(
        f'<dgm:cxn srcId="{above}" destId="{below}"/>' for above, below in ((1, 2), (2, 3), (1, 4))
    )
    data = part(
        "dataModel",
        f'<dgm:ptLst><dgm:pt modelId="0" type="doc"/>{points}</dgm:ptLst>'
        f'<dgm:cxnLst>{lines}<dgm:cxn srcId="0" destId="1"/></dgm:cxnLst>',
        "dgm",
    )
    entries = [Related(kind="diagramData", target="d.xml", identifier="d")]
    body = "<w:p>" + drawing('<dgm:relIds r:dm="d"/>') + "</w:p>"

    assert related(body, entries, {"word/d.xml": data}).text == (
        "[Diagram:\nGrandmother\n- Mother\n- - Tam Specimen\n- Uncle]"
    )


def test_a_chart_is_told_in_numbers_and_its_workbook_stays_behind() -> None:
    chart = part(
        "chartSpace",
        "<c:title><a:p><a:r><a:t>Absences</a:t></a:r></a:p></c:title><c:ser><c:tx><c:strCache>"
        "<c:pt><c:v>Tam</c:v></c:pt></c:strCache></c:tx><c:cat><c:numCache>"
        "<c:formatCode>d/m/yyyy</c:formatCode><c:pt><c:v>46336</c:v></c:pt></c:numCache></c:cat>"
        "<c:val><c:numCache><c:pt><c:v>4.4000000000000004</c:v></c:pt></c:numCache></c:val></c:ser>",
        "c",
    )
    entries = [Related(kind="chart", target="charts/chart1.xml", identifier="c")]
    body = "<w:p>" + drawing('<c:chart r:id="c"/>') + "</w:p>"
    book = relationships([Related(kind="package", target="../embeddings/a.xlsx")])
    reading = related(
        body,
        entries,
        {
            "word/charts/chart1.xml": chart,
            "word/charts/_rels/chart1.xml.rels": book,
            "word/embeddings/a.xlsx": b"x",
        },
    )

    assert reading.text == "[Chart:\nAbsences\nTam: 2026-11-10 4.4]"
    assert reading.remarks == (WordRemark.WORKBOOK,)


def test_drawn_words_are_said_and_plain_shapes_are_named() -> None:
    art = '<w:r><w:pict><v:shape><v:textpath string="DRAFT"/></v:shape></w:pict></w:r>'
    ring = drawing('<wps:wsp><wps:spPr><a:prstGeom prst="ellipse"/></wps:spPr></wps:wsp>')
    ink = drawing("<wpi:contentPart/>")
    reading = examine(a_docx(f"<w:p>{run('Yes')}{ring}{run(' No ')}{art}{ink}</w:p>"))

    assert reading.text == "Yes[drawn: ellipse] No [drawn words: DRAFT][drawn: handwriting]"
    assert reading.remarks == (WordRemark.DRAWN,)


def test_numbers_that_only_word_makes_are_named() -> None:
    reading = examine(a_docx(f"<w:p>{field('AUTONUM')}{run(' A point')}</w:p>"))

    assert (reading.text, reading.remarks) == ("[number] A point", (WordRemark.NUMBER,))


def test_a_symbol_of_an_unknown_font_is_named() -> None:
    reading = examine(a_docx('<w:p><w:r><w:sym w:font="Invented" w:char="F041"/></w:r></w:p>'))

    assert (reading.text, reading.remarks) == ("[symbol F041]", (WordRemark.SYMBOL,))


def test_a_file_that_yields_nothing_says_so() -> None:
    reading = examine(a_docx("<w:p/>"))

    assert reading.text == "[No words were found in this file.]"
    assert reading.remarks == (WordRemark.NO_WORDS,)


def test_neither_words_nor_pictures_stand_in_the_representation_of_a_reading() -> None:
    assert "made-up" not in repr(examine(a_docx(paragraph("made-up"))))


def bound(words: str, path: str, more: str = "<w:text/>") -> str:
    binding = (
        "<w:dataBinding w:prefixMappings=\"xmlns:k='urn:made-up'\" "
        f'w:xpath="{path}" w:storeItemID="{{A1}}"/>'
    )
    return (
        f"<w:sdt><w:sdtPr>{binding}{more}</w:sdtPr><w:sdtContent>{run(words)}"
        "</w:sdtContent></w:sdt>"
    )


@pytest.mark.parametrize(
    ("control", "expected", "told"),
    [
        (bound("Tam", "/k:case[1]/k:name[1]"), "Tam", False),
        (bound("Pat", "/k:case[1]/k:name[1]"), "Tam", True),
        (bound("Pat", "/k:case/k:name[2]"), "Alex", True),
        (bound("Pat", "/k:case/k:name[3]"), "Pat", False),
        (bound("Pat", "//k:name"), "Pat", False),
        (bound("Pat", "/k:case/k:risk", "<w:date/>"), "Pat", False),
        (bound("Low", "/k:case/k:empty"), "[nothing entered]", True),
        (
            bound(
                "Low",
                "/k:case/k:risk",
                '<w:dropDownList><w:listItem w:value="3" w:displayText="High"/></w:dropDownList>',
            ),
            "High",
            True,
        ),
    ],
)
@pytest.mark.parametrize("form", ["in a line", "of its own"])
def test_a_control_that_word_fills_says_what_word_shows(
    form: str, control: str, expected: str, *, told: bool
) -> None:
    body = f"<w:p>{control}</w:p>"
    if form == "of its own":
        body = control.replace("<w:sdtContent>", "<w:sdtContent><w:p>")
        body = body.replace("</w:sdtContent>", "</w:p></w:sdtContent>")
    entries = [Related(kind="customXml", target="../customXml/item1.xml")]
    parts = {
        "customXml/item1.xml": (
            b'<case xmlns="urn:made-up"><name>Tam</name><name>Alex</name><risk>3</risk><empty/>'
            b"</case>"
        ),
        "customXml/itemProps1.xml": (
            b'<d:datastoreItem d:itemID="{A1}" xmlns:d="http://schemas.openxmlformats.org/'
            b'officeDocument/2006/customXml"/>'
        ),
        "customXml/_rels/item1.xml.rels": relationships(
            [Related(kind="customXmlProps", target="itemProps1.xml")]
        ),
    }
    reading = related(body, entries, parts)

    assert reading.text == expected
    assert (WordRemark.BOUND in reading.remarks) is told
