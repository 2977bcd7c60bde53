"""Words that a person does not see on the page are refused, however they were hidden."""

import pytest
from word_packages import a_docx, drawing, paragraph, part, table, text_box, with_parts

from broker.packs.attachments import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import WordRemark
from broker.packs.attachments.word import examine

SEEN = paragraph("What everybody sees.")
HIDE = "<w:vanish/>"
SECRET = "3 Refuge Street"


def style(name: str, run: str, kind: str = "paragraph", more: str = "") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{name}">{more}<w:rPr>{run}</w:rPr></w:style>'


def default(name: str, run: str, kind: str = "paragraph") -> str:
    return (
        f'<w:style w:type="{kind}" w:default="1" w:styleId="{name}"><w:rPr>{run}</w:rPr></w:style>'
    )


def based(on: str) -> str:
    return f'<w:basedOn w:val="{on}"/>'


DEFAULTS = f"<w:docDefaults><w:rPrDefault><w:rPr>{HIDE}</w:rPr></w:rPrDefault></w:docDefaults>"
DARK = '<w:shd w:val="clear" w:fill="1F3864"/>'
THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements>'
    '<a:clrScheme><a:lt1><a:sysClr lastClr="FFFFFF"/></a:lt1><a:dk1><a:srgbClr val="000000"/>'
    "</a:dk1></a:clrScheme></a:themeElements></a:theme>"
)


SPECK = 'cx="1" cy="1"'


def exact(height: int) -> str:
    return f'<w:spacing w:line="{height}" w:lineRule="exact"/>'


def a_row(properties: str) -> str:
    cell = f"<w:tc>{paragraph(SECRET)}</w:tc>"
    return f"<w:tbl><w:tr><w:trPr>{properties}</w:trPr>{cell}</w:tr></w:tbl>"


def indented(attributes: str) -> str:
    return f"<w:ind {attributes}/>"


def floating(offset: int, of: str = "column", side: str = "H") -> str:
    """A paragraph with a text box of an inch, so far from where it would stand."""
    box = text_box(paragraph(SECRET)).replace("wp:inline", "wp:anchor")
    place = f'<wp:position{side} relativeFrom="{of}"><wp:posOffset>{offset}</wp:posOffset>'
    inner = f"{place}</wp:position{side}>"
    return f"<w:p>{box.replace('<wp:extent', f'{inner}<wp:extent', 1)}</w:p>"


def an_older_shape(style: str) -> str:
    return (
        f'<w:p><w:r><w:pict><v:shape style="{style}"><v:textbox><w:txbxContent>'
        f"{paragraph(SECRET)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )


AWAY = '<w:pPr><w:ind w:left="-20000"/></w:pPr>'
OFF_THE_PAGE = {
    "left of it": a_docx(SEEN + paragraph(SECRET, properties=indented('w:left="-20000"'))),
    "right of it": a_docx(SEEN + paragraph(SECRET, properties=indented('w:start="30000"'))),
    "first line": a_docx(
        SEEN + paragraph(SECRET, properties=indented('w:left="100" w:hanging="9000"'))
    ),
    "by style": a_docx(SEEN + paragraph(SECRET, style="Z"), styles=style("Z", "", more=AWAY)),
    "by style, in part": a_docx(
        SEEN + paragraph(SECRET, style="Z", properties=indented('w:firstLine="9"')),
        styles=style("Z", "", more=AWAY),
    ),
    "frame": a_docx(
        SEEN + paragraph(SECRET, properties='<w:framePr w:w="100" w:x="-20000" w:y="1"/>')
    ),
    "frame below": a_docx(
        SEEN + paragraph(SECRET, properties='<w:framePr w:w="100" w:x="1" w:y="30000"/>')
    ),
    "text box": a_docx(SEEN + floating(-20_000_000)),
    "text box above": a_docx(SEEN + floating(-20_000_000, side="V")),
    "text box left of the page": a_docx(SEEN + floating(-1_000_000, "page")),
    "older text box": a_docx(SEEN + an_older_shape("margin-left: -2000pt")),
    "letters in a heap": a_docx(SEEN + paragraph(SECRET, run='<w:spacing w:val="-400"/>')),
}
ON_THE_PAGE = {
    "in the margin": a_docx(paragraph(SECRET, properties=indented('w:left="-1134"'))),
    "hanging": a_docx(
        paragraph(SECRET, properties=indented('w:left="6000" w:hanging="6000"')),
    ),
    "far right": a_docx(paragraph(SECRET, properties=indented('w:left="12000"'))),
    "brought back": a_docx(
        paragraph(SECRET, style="Z", properties=indented('w:left="0"')),
        styles=style("Z", "", more=AWAY),
    ),
    "frame": a_docx(paragraph(SECRET, properties='<w:framePr w:w="100" w:x="-600" w:y="-900"/>')),
    "text box up the page": a_docx(floating(-9_000_000, side="V")),
    "text box over the edge": a_docx(floating(-100_000, "page")),
    "older text box": a_docx(an_older_shape("margin-left:-20pt;margin-top:200.5pt")),
    "condensed": a_docx(paragraph(SECRET, run='<w:spacing w:val="-20"/>')),
}


@pytest.mark.parametrize("content", OFF_THE_PAGE.values(), ids=OFF_THE_PAGE)
def test_words_that_stand_on_no_page_are_refused(content: bytes) -> None:
    with pytest.raises(AttachmentRefusedError) as refused:
        examine(content)

    assert refused.value.reason is Reason.HIDDEN


@pytest.mark.parametrize("content", ON_THE_PAGE.values(), ids=ON_THE_PAGE)
def test_words_that_are_moved_on_the_page_are_shown(content: bytes) -> None:
    assert SECRET in examine(content).text


HIDDEN = {
    "run": a_docx(SEEN + paragraph(SECRET, run=HIDE)),
    "paragraph style": a_docx(SEEN + paragraph(SECRET, style="Z"), styles=style("Z", HIDE)),
    "inherited style": a_docx(
        SEEN + paragraph(SECRET, style="Y"),
        styles=style("Z", HIDE) + style("Y", "<w:b/>", more=based("Z")),
    ),
    "character style": a_docx(
        SEEN + paragraph(SECRET, run='<w:rStyle w:val="Z"/>'),
        styles=style("Z", HIDE, "character"),
    ),
    "style of a table": a_docx(
        SEEN + table([paragraph(SECRET)], style="Z"), styles=style("Z", HIDE, "table")
    ),
    "default style": a_docx(paragraph(SECRET), styles=default("N", HIDE)),
    "default style for an unknown one": a_docx(
        paragraph(SECRET, style="Nowhere"), styles=default("N", HIDE)
    ),
    "default character style": a_docx(paragraph(SECRET), styles=default("N", HIDE, "character")),
    "whole document": a_docx(paragraph(SECRET), styles=DEFAULTS),
    "toggled twice by a document that hides": a_docx(
        paragraph(SECRET, style="Z"), styles=DEFAULTS + style("Z", HIDE)
    ),
    "white": a_docx(SEEN + paragraph(SECRET, run='<w:color w:val="FFFFFF"/>')),
    "nearly white": a_docx(SEEN + paragraph(SECRET, run='<w:color w:val="F2F2F2"/>')),
    "white by the theme, black by the letter": a_docx(
        SEEN + paragraph(SECRET, run='<w:color w:val="000000" w:themeColor="background1"/>')
    ),
    "black on black": a_docx(
        SEEN + paragraph(SECRET, run='<w:color w:val="000000"/><w:highlight w:val="black"/>')
    ),
    "dark on a dark paragraph": a_docx(
        SEEN + paragraph(SECRET, run='<w:color w:val="1F3864"/>', properties=DARK)
    ),
    "dark in a dark cell": a_docx(
        SEEN
        + table([f"<w:tcPr>{DARK}</w:tcPr>" + paragraph(SECRET, run='<w:color w:val="1F3863"/>')])
    ),
    "white in a box that is white": a_docx(
        "<w:p>"
        + text_box(
            paragraph(SECRET, run='<w:color w:val="FFFFFF"/>'),
            '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>',
        )
        + "</w:p>"
    ),
    "tiny": a_docx(SEEN + paragraph(SECRET, run='<w:sz w:val="2"/>')),
    "narrow": a_docx(SEEN + paragraph(SECRET, run='<w:w w:val="1"/>')),
    "letters without a fill": a_docx(
        SEEN + paragraph(SECRET, run="<w14:textFill><w14:noFill/></w14:textFill>")
    ),
    "transparent letters": a_docx(
        SEEN
        + paragraph(
            SECRET,
            run='<w14:textFill><w14:solidFill><w14:srgbClr w14:val="000000">'
            '<w14:alpha w14:val="100000"/></w14:srgbClr></w14:solidFill></w14:textFill>',
        )
    ),
    "line of no height": a_docx(SEEN + paragraph(SECRET, properties=exact(1))),
    "row of no height": a_docx(SEEN + a_row('<w:trHeight w:val="1" w:hRule="exact"/>')),
    "hidden row": a_docx(SEEN + a_row("<w:hidden/>")),
    "behind a merged cell": a_docx(
        SEEN + table([paragraph("Above")], [f"<w:tcPr><w:vMerge/></w:tcPr>{paragraph(SECRET)}"])
    ),
    "hidden drawing": a_docx(
        "<w:p>" + drawing("<a:p><a:r><a:t>x</a:t></a:r></a:p>", described='hidden="1"') + "</w:p>"
    ),
    "drawing of no size": a_docx(
        "<w:p>" + drawing(f"<a:p><a:r><a:t>{SECRET}</a:t></a:r></a:p>", SPECK) + "</w:p>"
    ),
    "hidden old drawing": a_docx(
        '<w:p><w:r><w:pict><v:shape style="visibility: hidden"><v:textbox><w:txbxContent>'
        f"{paragraph(SECRET)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    ),
    "text box in a hidden run": a_docx(
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:pict><v:shape><v:textbox><w:txbxContent>"
        f"{paragraph(SECRET)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    ),
    "formula": a_docx(
        "<w:p><m:oMath><m:r><w:rPr><w:vanish/></w:rPr><m:t>2x</m:t></m:r></m:oMath></w:p>"
    ),
    "note": a_docx(
        '<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>',
        footnotes=f'<w:footnote w:id="2">{paragraph(SECRET, run=HIDE)}</w:footnote>',
    ),
    "link": a_docx(
        f'<w:p><w:hyperlink w:anchor="a"><w:r><w:rPr>{HIDE}</w:rPr><w:t>{SECRET}</w:t></w:r>'
        "</w:hyperlink></w:p>"
    ),
    "tick": a_docx(
        f'<w:p><w:r><w:rPr>{HIDE}</w:rPr><w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p>'
    ),
}


@pytest.mark.parametrize("content", HIDDEN.values(), ids=HIDDEN)
def test_hidden_words_are_refused(content: bytes) -> None:
    with pytest.raises(AttachmentRefusedError) as caught:
        examine(content)

    assert caught.value.reason is Reason.HIDDEN


WHITE_BOX = paragraph(SECRET, run='<w:color w:val="FFFFFF"/>')

SHOWN = {
    "switched off in the run": a_docx(
        paragraph(SECRET, run='<w:vanish w:val="0"/>', style="Z"), styles=style("Z", HIDE)
    ),
    "switched off in a style below": a_docx(
        paragraph(SECRET, style="Y"),
        styles=style("Z", HIDE) + style("Y", '<w:vanish w:val="false"/>', more=based("Z")),
    ),
    "toggled by two kinds of style": a_docx(
        paragraph(SECRET, style="Z", run='<w:rStyle w:val="C"/>'),
        styles=style("Z", HIDE) + style("C", HIDE, "character"),
    ),
    "style for another kind of thing": a_docx(
        paragraph(SECRET, style="Z"), styles=style("Z", HIDE, "character")
    ),
    "unused style": a_docx(paragraph(SECRET), styles=style("Z", HIDE)),
    "blank words in white": a_docx(
        paragraph(SECRET) + paragraph("  ", run='<w:color w:val="FFFFFF"/>')
    ),
    "yellow": a_docx(paragraph(SECRET, run='<w:color w:val="FFFF00"/>')),
    "pale grey": a_docx(paragraph(SECRET, run='<w:color w:val="D9D9D9"/>')),
    "large and very pale": a_docx(
        paragraph(SECRET, run='<w:color w:val="F2F2F2"/><w:sz w:val="144"/>')
    ),
    "white on a dark paragraph": a_docx(
        paragraph(SECRET, run='<w:color w:val="FFFFFF"/>', properties=DARK)
    ),
    "white in a dark cell": a_docx(
        table([f"<w:tcPr>{DARK}</w:tcPr>" + paragraph(SECRET, run='<w:color w:val="FFFFFF"/>')])
    ),
    "white in a table that its style colours": a_docx(
        table([paragraph(SECRET, run='<w:color w:val="FFFFFF"/>')], style="T"),
        styles=f'<w:style w:type="table" w:styleId="T"><w:tblStylePr><w:tcPr>{DARK}</w:tcPr>'
        "</w:tblStylePr></w:style>",
    ),
    "white on a dark page": a_docx(
        paragraph(SECRET, run='<w:color w:val="FFFFFF"/>'),
        background='<w:background w:color="000000"/>',
        settings="<w:displayBackgroundShape/>",
    ),
    "automatic on black": a_docx(
        paragraph(SECRET, run='<w:shd w:val="solid" w:color="000000" w:fill="auto"/>')
    ),
    "line of a usual height": a_docx(paragraph(SECRET, properties=exact(240))),
    "hidden in the instruction of a field": a_docx(
        f'<w:p><w:r><w:t>{SECRET}</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>code</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    ),
}


@pytest.mark.parametrize("content", SHOWN.values(), ids=SHOWN)
def test_words_that_only_look_as_if_they_were_hidden_are_shown(content: bytes) -> None:
    reading = examine(content)

    assert (reading.text, reading.remarks) == (SECRET, ())


def test_white_letters_in_a_dark_box_are_shown() -> None:
    fill = '<a:solidFill><a:srgbClr val="1F3864"/></a:solidFill>'

    assert SECRET in examine(a_docx(f"<w:p>{text_box(WHITE_BOX, fill)}</w:p>")).text


def test_the_theme_decides_which_colour_a_name_has() -> None:
    dark_ground = THEME.replace('lastClr="FFFFFF"', 'lastClr="101010"')
    content = a_docx(paragraph(SECRET, run='<w:color w:val="FFFFFF" w:themeColor="light1"/>'))
    related = with_parts(
        content,
        {
            "word/theme.xml": dark_ground.encode(),
            "word/_rels/document.xml.rels": (
                b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                b'relationships"><Relationship Id="t" Type="a/theme" Target="theme.xml"/>'
                b"</Relationships>"
            ),
        },
    )

    assert examine(related).text == SECRET


def test_words_for_other_programs_stay_behind_and_are_named() -> None:
    inside = (
        '<w:p><mc:AlternateContent><mc:Choice Requires="wps"><w:r><w:t>Shown.</w:t></w:r>'
        f"</mc:Choice><mc:Fallback><w:r><w:t>{SECRET}</w:t></w:r></mc:Fallback>"
        "</mc:AlternateContent></w:p>"
    )
    reading = examine(a_docx(inside))

    assert (reading.text, reading.remarks) == ("Shown.", (WordRemark.OTHER_WORDS,))


def test_a_choice_that_word_does_not_understand_is_passed_over() -> None:
    inside = (
        '<w:p><mc:AlternateContent><mc:Choice Requires="zz"><w:r><w:t>Other.</w:t></w:r>'
        "</mc:Choice><mc:Fallback><w:r><w:t>Shown.</w:t></w:r></mc:Fallback>"
        f"</mc:AlternateContent></w:p><zz:p>{paragraph(SECRET)}</zz:p>"
    )
    reading = examine(a_docx(inside))

    assert (reading.text, reading.remarks) == ("Shown.", (WordRemark.OTHER_WORDS,))


def test_words_that_the_web_view_hides_are_shown_and_named() -> None:
    reading = examine(a_docx(paragraph(SECRET, run="<w:webHidden/>")))

    assert (reading.text, reading.remarks) == (SECRET, (WordRemark.WEB_HIDDEN,))


def test_the_page_numbers_of_a_table_of_contents_need_no_word() -> None:
    reading = examine(a_docx(paragraph("12", run="<w:webHidden/>")))

    assert (reading.text, reading.remarks) == ("12", ())


def test_a_header_that_no_page_shows_stays_behind() -> None:
    section = '<w:sectPr><w:headerReference w:type="first" r:id="h"/></w:sectPr>'
    content = with_parts(
        a_docx(SEEN + section),
        {
            "word/header1.xml": part("hdr", paragraph(SECRET)),
            "word/_rels/document.xml.rels": (
                b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                b'relationships"><Relationship Id="h" Type="a/header" Target="header1.xml"/>'
                b"</Relationships>"
            ),
        },
    )

    assert examine(content).text == "What everybody sees."
