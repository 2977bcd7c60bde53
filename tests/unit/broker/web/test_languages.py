"""A second language is shown where a person translated all of it, and not a sentence before."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from brokers import settings_for
from markup import markup_faults

from broker.web.languages.catalogue import LANGUAGES, Catalogue, catalogue_of, standing_of
from broker.web.languages.po import PoFaultError, PoFile, Translated, read, written
from broker.web.languages.public_words import (
    TITLES,
    for_translators,
    kept,
    public_words,
    standing,
)
from broker.web.public import PublicPages

NEEDED = ("Ring %(number)s now.", "Press <strong>Help</strong>.")
WHOLE = (
    Translated(english=NEEDED[0], text="Ffoniwch %(number)s nawr."),
    Translated(english=NEEDED[1], text="Pwyswch <strong>Help</strong>."),
)
HELD = re.compile(r"(%\([a-z_]+\)s|%%|<[^>]*>)")


def a_file(*texts: Translated, translator: str = "A. Person", language: str = "cy") -> PoFile:
    return PoFile(language=language, translator=translator, texts=texts or WHOLE)


def nobodys_language() -> Catalogue:
    """Return a language of one letter, in which whatever is English stands out."""

    def said(english: str) -> str:
        parts = HELD.split(english)
        return "".join(
            part if HELD.match(part) else re.sub("[A-Za-z]", "x", part) for part in parts
        )

    return Catalogue(language="cy", texts={one: said(one) for one in public_words()})


def pages_in(*languages: Catalogue) -> PublicPages:
    return PublicPages.of(settings_for(Path("/nowhere")), languages=languages)


def texts_of(page: bytes) -> list[str]:
    """Return what stands between the marks of a page, each text by itself."""
    root: Element = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)
    found: list[str] = []
    for element in root.iter():
        told = [element.get("aria-label"), element.tail]
        if element.tag not in {"script", "style"}:
            told.append(element.text)
        found += [text.strip() for text in told if text and text.strip()]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_came_with_this_release_holds_every_text_and_is_whole_or_not_begun(
    language: str,
) -> None:
    file = kept(language)

    assert read(for_translators(language)) == file
    assert not standing(file).is_begun or standing(file).faults == ()


def test_a_translation_that_is_whole_is_offered() -> None:
    found = catalogue_of(a_file(), NEEDED)

    assert found is not None
    assert found.of(NEEDED[0]) == "Ffoniwch %(number)s nawr."
    assert found.of("Northshire Police") == "Northshire Police"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        pytest.param(a_file(WHOLE[0]), "not translated: Press", id="one is missing"),
        pytest.param(
            a_file(WHOLE[0], Translated(english=NEEDED[1], text=" ")),
            "not translated: Press",
            id="one is blank",
        ),
        pytest.param(
            a_file(WHOLE[0], Translated(english=NEEDED[1], text=WHOLE[1].text, is_fuzzy=True)),
            "guessed by a program",
            id="one is a guess",
        ),
        pytest.param(
            a_file(Translated(english=NEEDED[0], text="Ffoniwch nawr."), WHOLE[1]),
            "what is filled in",
            id="without its number",
        ),
        pytest.param(
            a_file(WHOLE[0], Translated(english=NEEDED[1], text="Pwyswch <script>Help")),
            "what is filled in",
            id="with other marks",
        ),
        pytest.param(
            a_file(*WHOLE, Translated(english="Gone.", text="Wedi mynd.")),
            "no page says this any more: Gone.",
            id="one that is gone",
        ),
        pytest.param(a_file(language="xx"), "which language", id="of no language"),
    ],
)
def test_a_translation_that_is_not_whole_is_not_offered_and_says_why(
    file: PoFile, said: str
) -> None:
    assert catalogue_of(file, NEEDED) is None
    assert any(said in fault for fault in standing_of(file, NEEDED).faults)


def test_a_translation_for_which_nobody_answers_is_not_offered() -> None:
    assert catalogue_of(a_file(translator=""), NEEDED) is None


def test_a_file_comes_out_as_it_went_in() -> None:
    file = a_file(
        *WHOLE,
        Translated(english='He said "no".', text='Dywedodd "na".', is_fuzzy=True),
        Translated(english="One line\nand another", text="Un llinell\nac un arall\n"),
    )

    assert read(written(file)) == file
    assert (
        read("# A note.\n\n" + written(file).replace("\n\nmsgid", "\n\n#: start\nmsgid")) == file
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('msgid "a"\n', "Line 1: a msgid without its msgstr"),
        ('msgstr "a"\n', "Line 1: expected msgid"),
        ('msgid a\nmsgstr "b"\n', "Line 1: expected a text in double quotes"),
        ('msgctxt "x"\nmsgid "a"\nmsgstr "b"\n', "Line 1: expected msgid"),
        ('msgid "a"\nmsgstr 5\n', "Line 2: expected a text in double quotes"),
        ('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', "'a' stands twice"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(content: str, said: str) -> None:
    with pytest.raises(PoFaultError, match=said):
        read(content)


def test_a_page_in_another_language_holds_no_english() -> None:
    pages = pages_in(nobodys_language()).pages

    for name in TITLES:
        page = pages[f"cy/{name}"]
        others = re.compile(r"English|Cymraeg|Disclosure broker|^session$|^visit$")
        english = [
            text for text in texts_of(page) if re.search("[A-WYZa-wyz]", others.sub("", text))
        ]
        assert markup_faults(page.decode()) == [], name
        assert english == [], name
        assert b'<html lang="cy"' in page


def test_the_other_language_is_a_link_where_it_is_offered_and_keeps_the_page() -> None:
    both, alone = pages_in(nobodys_language()).pages, pages_in().pages

    for name in TITLES:
        to_welsh = f'href="/cy/{name}" hreflang="cy" rel="alternate">Cymraeg</a>'.encode()
        to_english = f'href="/{name}" hreflang="en-GB" rel="alternate">English</a>'.encode()
        assert to_welsh in both[name]
        assert to_english in both[f"cy/{name}"]
        assert b"Cymraeg" not in alone[name]
    assert b'href="/cy/now"' in both["cy/start"]
    assert b'href="/accessibility"' in both["cy/start"]
    assert "cy/accessibility" not in both
    assert b"The pages that follow are in English" not in both["start"]


def test_what_a_translation_fills_in_is_escaped() -> None:
    hostile = Catalogue(
        language="cy", texts={one: one.replace("Help", "<b>Help") for one in public_words()}
    )

    assert b"&lt;b&gt;Help" in pages_in(hostile).pages["cy/help"]
