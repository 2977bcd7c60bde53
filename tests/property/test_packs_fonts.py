"""The fonts have every letter in which people in the United Kingdom write their names."""

import hashlib
import sys
import unicodedata
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from fontmaking import FONTS, line_of
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from broker.packs.glyphs import shown, unprintable

SCRIPTS = """
    ADLAM ARABIC ARMENIAN BENGALI BOPOMOFO CHAKMA COPTIC CYRILLIC DEVANAGARI ETHIOPIC GEORGIAN
    GREEK GUJARATI GURMUKHI HANGUL HANIFI HEBREW HIRAGANA KANNADA KATAKANA KHMER LAO LATIN
    MALAYALAM MEETEI MONGOLIAN MYANMAR NKO OL ORIYA OSMANYA SINHALA SYLOTI SYRIAC TAMIL TELUGU
    THAANA THAI TIBETAN TIFINAGH
"""
"""The first word in the names of the letters of each script."""

NO_LETTER_OF_A_NAME = (
    # Unicode has them since the fonts were made, or in this version only
    "0870-0887 0889-088E 0897-089F 0C3C 0C5C-0C5D 0CDC-0CDD 0CF3 0B55 180F 1C89-1C8A 31BC-31BF "
    "A7C0-A7C1 A7CB-A7DC 10EC2-10EC7 10EFA-10EFF 11147 1AFF0-1AFFE 1B11F-1B122 1DF00-1DF2A "
    "1E7E0-1E7FE "
    # signs for reciting the Quran, letters for Pali in Lao, for Malayalam in Syriac, old kana
    "05EF 08A1 08AD-08E3 08FF 0860-086A 0E86 0E89 0E8C 0E8E-0E93 0E98 "
    "0EA0 0EA8-0EA9 0EAC 0EBA 1B000-1B001 1B132-1B167 "
    # invisible
    "115F-1160 17B4-17B5"
)


def in_ranges(text: str) -> frozenset[str]:
    ends = (entry.partition("-") for entry in text.split())
    return frozenset(
        chr(code)
        for first, _, last in ends
        for code in range(int(first, 16), int(last or first, 16) + 1)
    )


@cache
def letters() -> dict[str, list[str]]:
    """Return what a person can type of each script: letters and marks, as NFC leaves them."""
    found = defaultdict[str, list[str]](list)
    for one in map(chr, range(sys.maxunicode + 1)):
        script = unicodedata.name(one, "").partition(" ")[0]
        if unicodedata.category(one)[0] in "LM" and unicodedata.is_normalized("NFKC", one):
            found[script].append(one)
    return found


def in_a_word(letter: str, script: str) -> str:
    """Return a letter as it stands in a word: a mark stands on a letter of its script."""
    base = next(one for one in letters()[script] if unicodedata.category(one)[0] == "L")
    return base + letter if unicodedata.category(letter)[0] == "M" else letter


@pytest.mark.parametrize("script", SCRIPTS.split())
def test_the_letters_of_a_script_can_be_printed(script: str) -> None:
    wanted = set(letters()[script]) - in_ranges(NO_LETTER_OF_A_NAME)

    lost = sorted(one for one in wanted if unprintable(in_a_word(one, script)))

    assert len(wanted) > 20
    assert [f"{ord(one):04X} {unicodedata.name(one)}" for one in lost] == []


@pytest.mark.parametrize(
    "ranges",
    [
        pytest.param("4E00-9FEF", id="unified ideographs"),
        pytest.param("3400-4DB5", id="extension A"),
        pytest.param("AC00-D7A3", id="Hangul syllables"),
        pytest.param("3041-3096 30A1-30FF", id="kana"),
        pytest.param("20021 2003E 200CA 2070E 20BB7 24F5C 2A6B2", id="names beyond them"),
    ],
)
def test_the_letters_of_east_asia_can_be_printed(ranges: str) -> None:
    assert unprintable("".join(sorted(in_ranges(ranges)))) == ()


@pytest.mark.parametrize("accent", [chr(code) for code in range(0x300, 0x30D)], ids=ascii)
def test_an_accent_can_be_printed_on_any_letter_from_a_to_z(accent: str) -> None:
    words = "".join(f"{letter}{accent} " for letter in "abcdefghijklmnopqrstuvwxyzABCXYZ")

    assert unprintable(words) == ()


def test_the_table_of_letters_is_what_the_fonts_have() -> None:
    table = (FONTS / "letters.txt").read_text(encoding="ascii").splitlines()
    files = [line.split()[1] for line in sums() if not line.endswith("Bold.ttf")]

    assert [line_of(font, font.getBestCmap()) for font in map(opened, files)] == table


def test_the_fonts_are_those_that_were_made_from_the_named_sources() -> None:
    made = {name for line in sums() for name in [line.split()[1]]}

    found = [f"{hashlib.sha256((FONTS / n).read_bytes()).hexdigest()}  {n}" for n in made]

    assert sorted(found) == sorted(sums())
    assert {path.name for path in FONTS.glob("*.?tf")} == made


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_not_named_as_unprintable_is_on_the_page(text: str) -> None:
    named = {chr(int(one.split()[0].removeprefix("U+"), 16)) for one in unprintable(text)}
    unseen = {one for one in text if unicodedata.category(one) in {"Mn", "Cf"} or one in "\r\t\n"}

    assert set(unicodedata.normalize("NFC", text)) - unseen - named <= set(shown(text))


@given(st.text(st.characters()))
def test_two_spellings_of_one_text_are_printed_alike(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)

    assert shown(decomposed) == shown(text)
    assert unprintable(decomposed) == unprintable(text)


def sums() -> list[str]:
    return (FONTS / "SHA256SUMS").read_text(encoding="ascii").splitlines()


def opened(name: str) -> TTFont:
    return TTFont(Path(FONTS / name))
