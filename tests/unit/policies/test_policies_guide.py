"""The guide says everything that decides, in the words of the cards."""

from importlib.resources.abc import Traversable

import pytest

from policies import Rulebook, guide
from policies.reading.rulebook import rule_files
from policies.tools.card_pages import card_pages

ENTERED = b"""off-until-commencement = true

[children-act-16la.commencement]
day = "2026-09-30"
source = "Made-up Order 2026"
entered-by = "p-lawyer"
entered-on = "2026-08-01"
"""


@pytest.fixture(name="text", scope="module")
def _text(rulebook: Rulebook) -> str:
    return guide(rulebook)


def test_it_says_every_finding_of_every_card_in_order(rulebook: Rulebook, text: str) -> None:
    said = [
        part
        for card in rulebook.cards
        for finding in card.findings
        for part in (finding.written.say, *finding.written.lawful_if)
    ]
    places, start = [], 0
    for part in said:
        start = text.index(part, start)
        places.append(start)
    assert places == sorted(places)
    assert len(said) > len(rulebook.cards)


def test_a_card_reads_as_a_guide(text: str) -> None:
    card = text.partition("## R33 ")[2].partition("\n## ")[0]

    assert card == (
        "A mailbox that is safe\n\n"
        "Old, closed and private mailboxes are not used.\n\n"
        "1. **Refuse** (where mail verdict is retired or hold or reject). The mailbox is on a "
        "closed or old domain, or the address is not safe. *Lawful if:* Ask the recipient by "
        "telephone for an address in use, and check it. Nothing sets this aside, not even an "
        "emergency.\n"
        "2. **Refuse** (where mailbox is personal webmail). The mailbox is a private one. "
        "*Lawful if:* Use a mailbox of the recipient's body.\n"
        "3. **Met**. The mailbox may be used.\n\n"
        "Law: GOV.UK and NHS England secure email guidance (DCB1596).\n"
    )


def test_choices_duties_and_approvals_are_told(text: str) -> None:
    assert 'harm is "serious"' not in text
    assert ", and either harm is serious or else serious crime is yes)" in text
    assert '(where agreement to share is "does not hold")' in text
    assert (
        "- Whatever the outcome: Ring 999 now. Nothing here delays that call. "
        "(where danger is imminent)\n"
    ) in text
    assert "Make a safeguarding referral to social care as well. Due on the same day. (" in text
    assert "Due on the next working day. The sender's lead owes it. (" in text
    assert "An independent Guardian may approve it." in text
    assert "Set aside where the law compels the disclosure (R20)." in text


def test_it_tells_the_fields_of_each_purpose(rulebook: Rulebook, text: str) -> None:
    purposes = text.partition("\n## Which fields go")[2].partition("\n## ")[0]

    assert purposes.count("\n### ") == len(rulebook.registers.purposes)
    assert "- Where the person may be under 18: family: parents.\n" in purposes
    assert "### audit\n\nThe auditor of the ledger.\n\n- No field goes by this list.\n" in purposes
    assert "- Any other field waits for the Guardian.\n" in purposes


def test_it_tells_how_each_source_of_law_was_read(rulebook: Rulebook, text: str) -> None:
    read, _, unread = text.partition("\n## The law")[2].partition("\n## Law that nobody has read")

    assert read.count("\n- **") + unread.count("\n- **") == len(rulebook.laws)
    assert (
        "- **Data (Use and Access) Act 2025** (read in a page about it; United Kingdom, in force "
        "from 2026-02-05): Recognised legitimate interests, for bodies that do not act under a "
        "public task. Edition: as enacted in 2025. Read by the makers of these rules, on "
        "2026-10-31 at the latest. How: Commentary, which also gives the day its main parts "
        "began.\n"
    ) in read


def test_law_that_nobody_read_stands_in_one_list_and_nowhere_else(text: str) -> None:
    before, _, unread = text.partition("\n## Law that nobody has read yet")

    assert "- **UK GDPR Article 5(1)** (United Kingdom): A stated purpose" in unread
    assert "accurate. Cited by R03, R09, R22, R29.\n" in unread
    assert "(unverified" not in text
    assert "Not read" not in before


def test_the_duty_to_share_is_off_until_its_commencement_is_entered(
    folder: Traversable, text: str
) -> None:
    files = {name: path.read_bytes() for name, path in rule_files(folder)}
    files["law.toml"] = files["law.toml"].replace(b"off-until-commencement = true", ENTERED)

    assert "(read in the source; England, off until a named person enters its commencement" in text
    entered = "England, in force from 2026-09-30 by Made-up Order 2026, entered by p-lawyer"
    assert entered in guide(Rulebook.parse(files))


def test_a_card_that_applies_from_a_day_says_so(folder: Traversable) -> None:
    files = {name: path.read_bytes() for name, path in rule_files(folder)}
    card = "rules/R42-enough-to-act.toml"
    files[card] = b'first-day = "2026-12-01"\n' + files[card]

    assert "It applies from 2026-12-01.\n" in guide(Rulebook.parse(files))


def test_law_that_ends_says_when(folder: Traversable) -> None:
    files = {name: path.read_bytes() for name, path in rule_files(folder)}
    files["law.toml"] = files["law.toml"].replace(b"in-force-from", b"in-force-to")

    assert "(read in a page about it; England, in force to 2020-12-08)" in guide(
        Rulebook.parse(files)
    )


def test_the_guide_is_the_same_from_a_kept_bundle(rulebook: Rulebook, text: str) -> None:
    assert guide(Rulebook.from_bundle(rulebook.bundle())) == text


def test_it_says_which_rules_it_approves_and_has_a_place_to_sign(
    rulebook: Rulebook, text: str
) -> None:
    approval = text.partition("\n## Which rules these are")[2].partition("\n## ")[0]

    assert f"`{rulebook.version}`" in approval
    assert f"`{rulebook.meaning}`" in approval
    assert f"Written on {rulebook.terms.written_on}." in approval
    assert str(rulebook.mail.checked_on) in approval
    assert "| Caldicott Guardian | | | | |" in approval


def test_a_rule_says_which_of_its_law_nobody_has_read_or_is_not_in_force(text: str) -> None:
    belief = text.partition("\n## R05 ")[2].partition("\n## ")[0]
    duty = text.partition("\n## R38 ")[2].partition("\n## ")[0]
    read = text.partition("\n## R13 ")[2].partition("\n## ")[0]

    assert "Law: Equality Act 2010 s149 (nobody has read it yet); " in belief
    assert duty.endswith("s16LA (off until its commencement is entered).\n")
    assert "nobody has read" not in read


def test_whoever_signs_reads_there_what_was_not_read_and_what_a_signature_does(
    rulebook: Rulebook, text: str
) -> None:
    approval = text.partition("\n## Which rules these are")[2].partition("\n## ")[0]
    unread = {law.citation for law in rulebook.laws.values() if law.reading is None}

    assert f"nobody has read {len(unread)} yet" in approval
    named = approval.partition("Rules that cite what nobody has read: ")[2].partition(".")[0]
    assert named.split(", ") == [
        page.rule for page in card_pages(rulebook) if unread & set(page.law)
    ]
    assert "A signature puts nothing in force." in approval
