"""A rulebook that says anything outside its vocabulary is refused, with file, line and hint."""

from collections.abc import Callable
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from policies import Message, Rulebook, RulebookError
from policies.reading.rulebook import rule_files

Files = dict[str, bytes]
Edit = Callable[[str, str, str], Files]


@pytest.fixture(name="contents", scope="module")
def _contents(folder: Traversable) -> Files:
    return {name: path.read_bytes() for name, path in rule_files(folder)}


@pytest.fixture(name="edit")
def _edit(contents: Files) -> Edit:
    """Return the files of the shipped rulebook in which one text of one file is another."""

    def edit(name: str, old: str, new: str) -> Files:
        text = contents[name].decode()
        assert old in text
        return contents | {name: text.replace(old, new, 1).encode()}

    return edit


def _messages(contents: Files) -> tuple[Message, ...]:
    with pytest.raises(RulebookError) as caught:
        Rulebook.parse(contents)
    return caught.value.messages


def test_a_misspelt_fact_is_named_with_file_line_and_hint(edit: Edit) -> None:
    slip = edit("rules/R31-free-text.toml", "free text was screened is no", "fere text is no")

    (message,) = _messages(slip)

    assert str(message) == (
        "rules/R31-free-text.toml:7: 'fere text is no' does not begin with a known fact."
    )


def test_a_misspelt_word_is_named_with_the_word_that_was_meant(edit: Edit) -> None:
    slip = edit("rules/R08-proportionality.toml", "harm is unknown", "harm is unkonwn")

    with pytest.raises(RulebookError, match="Did you mean 'unknown'"):
        Rulebook.parse(slip)


COMMENCEMENT = """

[children-act-16la.commencement]
day = "2026-09-30"
source = "Made-up Order 2026"
entered-by = "p-lawyer"
entered-on = "2026-08-01"
"""
CARD = "rules/R13-adult-without-agreement.toml"


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        pytest.param(CARD, 'rule = "R13"', 'rule = "R99"', "begins its file's name", id="rule"),
        pytest.param(CARD, 'title = "', 'tilte = "', "'title' must be a text", id="heading"),
        pytest.param(CARD, "title =", "shout = true\ntitle =", "not a heading", id="extra"),
        pytest.param(CARD, '"confidentiality"', '"confidence"', "not in law.toml", id="law"),
        pytest.param(
            CARD, 'law = ["conf', 'law = ["gmc-confidentiality", "conf', "once", id="law2"
        ),
        pytest.param(
            CARD, "is in the list purposes", "is in the list porpoises", "list", id="list"
        ),
        pytest.param(CARD, "any-of", "any-off", "any-of", id="any-of"),
        pytest.param(
            CARD, '"under 18 is no"', "7", "A clause must be a text", id="a clause of digits"
        ),
        pytest.param(CARD, "under 18 is no", "under 18 is empty", "never be empty", id="empty"),
        pytest.param(
            CARD, "under 18 is no", "day to tell by is today", "not a word", id="a day in words"
        ),
        pytest.param(
            "rules/R39-other-help.toml", "[[duties]]", "[other]", "not a heading", id="one table"
        ),
        pytest.param(
            "rules/R22-other-use.toml",
            "law =",
            "applies-when = 7\nlaw =",
            "a list",
            id="no clauses",
        ),
        pytest.param(
            "rules/R22-other-use.toml", "law =", "duties = [7]\nlaw =", "of tables", id="no tables"
        ),
        pytest.param(CARD, "finding =", "otherwise =", "and no other, begins", id="otherwise"),
        pytest.param(CARD, '"not met"', '"unmet"', "not one of: met, not met", id="finding"),
        pytest.param(CARD, '"not met"', '"met"', "is 'not met'", id="refuse and met"),
        pytest.param(CARD, '"refuse"', '"reffuse"', "not one of: refuse, refer", id="decision"),
        pytest.param(CARD, "lawful-if =", "# lawful-if =", "says lawful-if", id="lawful-if"),
        pytest.param(
            CARD,
            "yields-to-compulsion = true",
            "yields-to-compulsion = false",
            "written only where it is true",
            id="flag",
        ),
        pytest.param(
            CARD,
            "guardian-may-approve = true",
            "never-waived = true",
            "Only what refuses can be never-waived",
            id="never-waived",
        ),
        pytest.param(
            CARD,
            'decision = "refuse"',
            'decision = "refuse"\nguardian-may-approve = true',
            "approve only what is referred",
            id="approve a refusal",
        ),
        pytest.param(CARD, 'say = "', 'say = "{harm} ', "not a derived list", id="placeholder"),
        pytest.param(
            "rules/R31-free-text.toml",
            "[[findings]]",
            "[[finding]]",
            "not a heading",
            id="headings",
        ),
        pytest.param(
            "rules/R39-other-help.toml",
            '[[findings]]\notherwise = "met"\nsay = "What other help is due stands among the '
            'duties."\n',
            "",
            "A card needs findings",
            id="no findings",
        ),
        pytest.param(
            "rules/R39-other-help.toml", '"early-help"', '"early-hlep"', "which is not", id="duty"
        ),
        pytest.param(
            "rules/R26-private-recipient.toml", "[[duties]]", "[duties]", "list", id="not a list"
        ),
        pytest.param("combine.toml", '"R02", ', "", "must say the same", id="never-waived list"),
        pytest.param("combine.toml", ', "R29"]', "]", "must say the same", id="approve list"),
        pytest.param("combine.toml", 'rule = "R01"', 'rule = "R02"', "no emergency", id="R01"),
        pytest.param("combine.toml", '["R03"]', '["R3"]', "not a rule", id="question"),
        pytest.param("combine.toml", '"call-999"', '"call-99"', "not a duty of", id="call"),
        pytest.param(
            "combine.toml", "refused =", "refusd =", "'refused' must be", id="field outcome"
        ),
        pytest.param("combine.toml", "[sayings]", "[saying]", "must be a table", id="table"),
        pytest.param(
            "obligations.toml", "before-release", "before-relaese", "not one of", id="timing"
        ),
        pytest.param("obligations.toml", "[seal]", "[sela]", "No card obliges", id="type"),
        pytest.param(
            "obligations.toml", '"day to tell by"', '"day to tell"', "not a fact", id="property"
        ),
        pytest.param("obligations.toml", "{ by =", "{ buy =", "not a property", id="name"),
        pytest.param("obligations.toml", '"999"', '"99"', "not what", id="text"),
        pytest.param("law.toml", '"secondary"', '"secnodary"', "not one of", id="tag"),
        pytest.param("law.toml", '"England"', '"Engalnd"', "not one of", id="extent"),
        pytest.param("law.toml", '"Not read."', '""', "must be a text", id="read in nothing"),
        pytest.param("law.toml", "2026-02-05", "2026-02-30", "must be a day", id="day"),
        pytest.param(
            "law.toml", 'edition = "2017"\n', "", "'edition' must be a text", id="no edition"
        ),
        pytest.param(
            "law.toml",
            'tag = "unverified"',
            'tag = "verified"',
            "What was read, and nothing else, says its edition",
            id="read by nobody",
        ),
        pytest.param(
            "law.toml",
            "off-until-commencement = true",
            'in-force-from = "2026-09-30"\noff-until-commencement = true',
            "begins with it",
            id="a day beside the commencement",
        ),
        pytest.param(
            "law.toml",
            "off-until-commencement = true",
            COMMENCEMENT,
            "Only what is off until its commencement",
            id="a commencement of what is on",
        ),
        pytest.param(
            "law.toml",
            "off-until-commencement = true",
            "off-until-commencement = true" + COMMENCEMENT.replace("p-lawyer", "A Name"),
            "is an identifier, never a name",
            id="a name",
        ),
        pytest.param(
            CARD,
            "law =",
            'first-day = "2026-12-02"\nlast-day = "2026-12-01"\nlaw =',
            "not before its first",
            id="a card that ends before it begins",
        ),
        pytest.param(
            "vocabulary/words.toml", "hearsay =", "heresay =", "used, not declared", id="word"
        ),
        pytest.param(
            "vocabulary/document.toml", '"danger"', '"dagner"', "used, not declared", id="place"
        ),
        pytest.param(
            "vocabulary/facts.toml",
            '["approval.reason"]\nkind = "text"',
            '["approval.reason"]\nkind = "moment"',
            "need 'approval.reason' to be 'text'",
            id="a kind that a derived fact does not read",
        ),
        pytest.param(
            "registers/lists.toml",
            '"public bodies" =',
            '"public boddies" =',
            "need the list 'public bodies'",
            id="a list that a derived fact reads",
        ),
        pytest.param(
            "vocabulary/facts.toml",
            'name = "serious crime"',
            'name = "harm"',
            "'harm' names two facts",
            id="a name for two facts",
        ),
        pytest.param(
            "vocabulary/facts.toml",
            'name = "serious crime"',
            'name = "grounds"',
            "'grounds' names two facts",
            id="a name of a derived fact",
        ),
        pytest.param(
            CARD,
            "under 18 is no",
            "a hard stop stands is no",
            "R13: 'a hard stop stands' is known only to duties",
            id="a fact that is not there yet",
        ),
        pytest.param(
            "rules/R01-emergency.toml",
            "danger is unknown",
            "a field is withheld is yes",
            "R01: 'a field is withheld' is known only to duties",
            id="a fact that the emergency cannot wait for",
        ),
        pytest.param(
            "combine.toml",
            "purpose is support-delivery",
            "a field is withheld is yes",
            "combine: 'a field is withheld' is known only to duties",
            id="a question about a fact that is not there yet",
        ),
        pytest.param("vocabulary/document.toml", "concern =", "consern =", "heading", id="group"),
        pytest.param("vocabulary/facts.toml", '"one of"', '"one off"', "not one of", id="kind"),
        pytest.param(
            "vocabulary/facts.toml", "minimum = 0", 'minimum = "0"', "whole", id="digits"
        ),
        pytest.param(
            "vocabulary/facts.toml", 'words-as = "purpose"', 'words-as = "told"', "words", id="as"
        ),
        pytest.param(
            "vocabulary/derived.toml", '["under 16"]', '["below 16"]', "not declared", id="derived"
        ),
        pytest.param(
            "vocabulary/fields.toml", '"needs.health"', '"needs.heatlh"', "not a field", id="field"
        ),
        pytest.param("vocabulary/fields.toml", '"ID"', '"DI"', "not a class", id="class"),
        pytest.param("vocabulary/fields.toml", '"1.1"', '"one"', "A number is", id="number"),
        pytest.param(
            "registers/lists.toml", '"crime"', '"crmie"', "not a known word", id="in list"
        ),
        pytest.param(
            "registers/purposes.toml", "[audit]", "[adiut]", "not a purpose", id="purpose"
        ),
        pytest.param(
            "registers/purposes.toml", '"panel.plan"', '"panel.paln"', "not a field", id="fields"
        ),
        pytest.param(
            "registers/purposes.toml",
            '"]\nothers = "the G',
            '"]\nothers = "the g',
            "Other fields",
            id="others",
        ),
        pytest.param(
            "registers/purposes.toml", "minimum = []", "minimum = 7", "list of texts", id="no list"
        ),
        pytest.param("registers/legal-basis.toml", '"18"', '"81"', "not a condition", id="pair"),
        pytest.param("registers/mail.toml", '"nhs.net"', '"nsh.net"', "example", id="domain"),
        pytest.param("registers/mail.toml", '"itself"', '"istelf"', "not one of", id="covers"),
        pytest.param("registers/mail.toml", '"x@nhs.net"', '"y@nhs.net"', "example", id="example"),
    ],
)
def test_a_slip_in_any_file_is_refused_with_a_reason(
    name: str, old: str, new: str, said: str, edit: Edit
) -> None:
    messages = _messages(edit(name, old, new))

    assert any(said in message.text for message in messages)


def test_every_fault_is_told_at_once(edit: Edit) -> None:
    slips = edit("rules/R31-free-text.toml", 'say = "', 'tell = "')
    slips |= {"law.toml": edit("law.toml", 'tag = "', 'tga = "')["law.toml"]}

    assert {message.file for message in _messages(slips)} == {
        "law.toml",
        "rules/R31-free-text.toml",
    }


def test_a_missing_file_is_named(contents: Files) -> None:
    without = {name: content for name, content in contents.items() if name != "law.toml"}

    assert [str(message) for message in _messages(without)] == ["law.toml: This file is missing."]


def test_files_without_cards_are_no_rulebook(contents: Files) -> None:
    without = {name: content for name, content in contents.items() if "rules/" not in name}

    assert "combine.toml" in {message.file for message in _messages(without)}


@pytest.mark.parametrize("content", [b"rule = ", b"\xff\xfe"], ids=["half a line", "not text"])
def test_a_file_that_is_not_toml_is_named(content: bytes, contents: Files) -> None:
    (message,) = _messages(contents | {"law.toml": content})

    assert message.text.startswith("This is not TOML: ")


def test_two_cards_of_one_rule_are_refused(contents: Files) -> None:
    again = {"rules/R31-again.toml": contents["rules/R31-free-text.toml"]}

    assert [message.text for message in _messages(contents | again)] == [
        "Another card is R31 too."
    ]


def test_a_comment_changes_nothing(edit: Edit, rulebook: Rulebook) -> None:
    assert Rulebook.parse(edit("law.toml", "[gillick]", "# A note.\n[gillick]")) == rulebook


def test_a_folder_without_cards_yields_the_files_that_are_there(
    folder: Traversable, tmp_path: Path
) -> None:
    (tmp_path / "law.toml").write_bytes(folder.joinpath("law.toml").read_bytes())

    assert [name for name, _ in rule_files(tmp_path)] == ["law.toml"]
