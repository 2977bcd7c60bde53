import json
import unicodedata

import pytest
import typst

from broker.packs.rendering.glyphs import COVERED, shown, spelled

PROBE = b"""#set document(title: "probe")
#set text(lang: "en", font: ("Libertinus Serif", "DejaVu Sans Mono"))
#for letter in json(bytes(sys.inputs.letters)).clusters() [#letter#parbreak()]
"""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("Zażółć gęślą jaźń", "Zażółć gęślą jaźń", id="Polish"),
        pytest.param("Llŷn, tŵr", "Llŷn, tŵr", id="Welsh"),
        pytest.param("العربية", "العربية", id="Arabic"),
        pytest.param("Cafe\u0301", "Café", id="letter and accent"),
        pytest.param("a\r\nb\rc", "a\nb\nc", id="line ends"),
        pytest.param("a\tb", "a    b", id="tabulator"),
        pytest.param("😀!", "[grinning face]!", id="symbol"),
        pytest.param("❤\ufe0f", "❤", id="symbol asked for in colour"),
        pytest.param("বা", "[U+09AC][U+09BE]", id="script without a font"),
        pytest.param("a\0b\x1b", "a[U+0000]b[U+001B]", id="control"),
        pytest.param("a\u202eb\u2066", "a[U+202E]b[U+2066]", id="direction"),
        pytest.param("a\u200bb", "a[U+200B]b", id="invisible"),
        pytest.param("\ud800", "[U+D800]", id="half a pair"),
        pytest.param("می\u200c", "می\u200c", id="joiner that a script needs"),
        pytest.param('#read("x") *b* $x$', '#read("x") *b* $x$', id="markup stays text"),
    ],
)
def test_a_text_is_shown_or_spelled_out(given: str, expected: str) -> None:
    assert shown(given) == expected


def test_a_word_longer_than_a_line_may_break() -> None:
    assert shown("a" * 120) == "\u200b".join(["a" * 50, "a" * 50, "a" * 20])


def test_spelling_leaves_only_ascii() -> None:
    assert spelled("Żółw 😀\n") == "[U+017B][U+00F3][U+0142]w [grinning face]\n"


@pytest.mark.parametrize("start", range(0, 8192, 1024))
def test_the_fonts_have_every_letter_that_the_table_lists(start: int) -> None:
    listed = map(chr, sorted(COVERED)[start : start + 1024])
    letters = "\n".join(one for one in listed if unicodedata.category(one)[0] != "M")

    pdf = typst.compile(
        PROBE,
        font_paths=typst.Fonts(include_system_fonts=False),
        ignore_system_fonts=True,
        sys_inputs={"letters": json.dumps(letters)},
        pdf_standards=["ua-1"],
    )

    assert pdf.startswith(b"%PDF-")
