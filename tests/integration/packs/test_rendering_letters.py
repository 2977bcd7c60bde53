import pytest

from broker.packs.glyphs import families_for, shown, spelled, unprintable


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("Zażółć gęślą jaźń", "Zażółć gęślą jaźń", id="Polish"),
        pytest.param("Llŷn, tŵr", "Llŷn, tŵr", id="Welsh"),
        pytest.param("العربية", "العربية", id="Arabic"),
        pytest.param("Cafe\u0301", "Café", id="letter and accent"),
        pytest.param("a\r\nb\rc", "a\nb\nc", id="line ends"),
        pytest.param("a\tb", "a    b", id="tabulator"),
        pytest.param("ਗੁਰਪ੍ਰੀਤ", "ਗੁਰਪ੍ਰੀਤ", id="Punjabi"),
        pytest.param("বাংলা", "বাংলা", id="Bengali"),
        pytest.param("李伟 김민준 さくら", "李伟 김민준 さくら", id="Chinese, Korean, Japanese"),
        pytest.param("😀🔪", "😀🔪", id="symbols"),
        pytest.param("👩\u200d🎓", "👩\u200d🎓", id="symbols that one font joins"),
        pytest.param("→\u200d🎓", "→\u200d\u200b🎓", id="symbols that none joins"),
        pytest.param("𐂂", "[U+10082]", id="script without a font"),
        pytest.param("🦰", "🦰", id="newer symbol"),
        pytest.param("🫪", "[U+1FAEA]", id="symbol newer than the fonts"),
        pytest.param("❤\ufe0f", "❤", id="symbol asked for in colour"),
        pytest.param("1\u2cef", "1[U+2CEF]", id="mark that no font draws on the letter"),
        pytest.param("\u0301a", "[U+0301]a", id="mark on nothing"),
        pytest.param("\u3164", "[U+3164]", id="letter that cannot be seen"),
        pytest.param("葛\U000e0100", "葛", id="another drawing of the same letter"),
        pytest.param(
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "[flag of England]",
            id="flag in invisible letters",
        ),
        pytest.param(
            "محمد 01632 960 101",
            "محمد \u206601632 960 101\u2069",
            id="a number behind letters that run to the left",
        ),
        pytest.param("a\0b\x1b", "a[U+0000]b[U+001B]", id="control"),
        pytest.param("a\u202eb\u2066", "a[U+202E]b[U+2066]", id="direction"),
        pytest.param("a\u2060b", "a[U+2060]b", id="invisible"),
        pytest.param("ភាសា\u200bខ្មែរ", "ភាសា\u200bខ្មែរ", id="where a script breaks lines"),
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


def test_spelling_leaves_no_number_marks_behind() -> None:
    assert spelled("م 01 2") == "[U+0645] 01 2"


def test_what_the_typesetter_refuses_is_written_out() -> None:
    assert shown("Żółw", without=frozenset("ł")) == "Żó[U+0142]w"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("ਗੁਰਪ੍ਰੀਤ 李伟 O'Neil 😀", (), id="all can be printed"),
        pytest.param("Line\nand\ttab\r\n", (), id="lines and tabs"),
        pytest.param("𐂂 and 𐂂", ("U+10082 LINEAR B IDEOGRAM B104 DEER",), id="each once"),
        pytest.param("a\u202eb", ("U+202E RIGHT-TO-LEFT OVERRIDE",), id="direction"),
        pytest.param("a\x1b", ("U+001B",), id="control without a name"),
        pytest.param("1\u2cef", ("U+2CEF COPTIC COMBINING NI ABOVE",), id="mark"),
        pytest.param("❤\ufe0f", (), id="nothing to read"),
    ],
)
def test_what_cannot_be_printed_is_named(given: str, expected: tuple[str, ...]) -> None:
    assert unprintable(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("Only Łatin, Ελλ, кир", ("Noto Sans",), id="plain"),
        pytest.param("ਗੁਰਪ੍ਰੀਤ", ("Noto Sans", "Noto Sans Gurmukhi"), id="Punjabi"),
        pytest.param("李", ("Noto Sans", "Noto Sans CJK SC"), id="Chinese"),
    ],
)
def test_a_page_is_laid_out_with_the_fonts_that_it_needs(
    given: str, expected: tuple[str, ...]
) -> None:
    assert families_for(given) == expected
