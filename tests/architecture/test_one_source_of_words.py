"""A code has one word: what pages say of it, commands say too."""

import re
from pathlib import Path

import broker.web
from broker.cli.in_words import share_in_words, verdict_in_words
from broker.domain.partner_requests.answers import SHARES_IN_WORDS, Share
from broker.guardian.answer import VERDICTS, VERDICTS_IN_WORDS
from broker.web.reviewing.pages import decide_page

TEMPLATES = Path(broker.web.__file__).parent / "templates"
CODES = "|".join((*VERDICTS, *Share))
OF_ITS_OWN = re.compile(rf"""\{{\s*["'](?:{CODES})["']\s*:""")
"""A table of words inside a template."""


def test_a_guardian_chooses_and_reads_the_words_that_a_command_prints() -> None:
    (question,) = decide_page(()).questions
    offered = {option.code: option.label for option in question.options}

    assert offered == VERDICTS_IN_WORDS
    assert [verdict_in_words(one) for one in VERDICTS] == [
        "it may go",
        "it may go without some of it",
        "it may not go",
    ]


def test_what_is_shared_is_said_alike() -> None:
    assert {one: share_in_words(one) for one in Share} == SHARES_IN_WORDS


def test_no_template_holds_words_of_its_own_for_a_code() -> None:
    assert OF_ITS_OWN.search('{{ {"approve": "It may go"}[verdict] }}')
    found = [
        str(one.relative_to(TEMPLATES))
        for one in sorted(TEMPLATES.rglob("*.html"))
        if OF_ITS_OWN.search(one.read_text("utf-8"))
    ]
    assert found == []
