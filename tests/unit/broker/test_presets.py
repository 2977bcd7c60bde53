"""Presets hold functions as sources printed them: no person, nothing that could be sent to."""

import re

import pytest

from broker.domain.directory.functions import Function, rules_word
from broker.registers.directory import Entries
from broker.registers.entry_checks import entry_faults
from broker.registers.finding.searching import old_words, search
from broker.registers.presets import NAMES, Preset, presets
from policies import Rulebook

PRESETS = pytest.mark.parametrize("preset", [presets()[name] for name in NAMES], ids=NAMES)
FUNCTION_WORDS = (
    "advice|assessment|board|chair|chairs|children|contact|coordination|help|inbox|lead|officers"
    "|partnership|prevent|resources|safeguarding|sergeant|team|care|group|panel|co-ordinator"
)


@PRESETS
def test_nothing_of_a_preset_counts_or_could_be_sent_to(preset: Preset) -> None:
    assert preset.contacts
    for contact in preset.contacts:
        assert contact.verified_on is None
        assert contact.address == ""
        assert contact.listing.source is not None
        assert contact.function == rules_word(Function(contact.listing.kept_as or ""))


@PRESETS
def test_each_number_says_in_which_year_it_was_printed(preset: Preset) -> None:
    assert all(one.listing.printed for one in preset.contacts if one.telephone)


@PRESETS
def test_titles_are_functions_and_no_names(preset: Preset) -> None:
    for contact in preset.contacts:
        assert re.search(rf"\b({FUNCTION_WORDS})\b", contact.title.casefold()), contact.title
        assert not re.search(r"\b(Mr|Mrs|Ms|Miss|Dr|PC|DS|DI|DCI|Cllr)\b", contact.title)


@PRESETS
def test_a_preset_has_no_fault_and_belongs_together(preset: Preset) -> None:
    rulebook = Rulebook.shipped()
    found = entry_faults(preset.bodies, preset.contacts, (), rulebook.vocabulary, rulebook.mail)

    assert found == ()
    assert {one.agency for one in preset.contacts} <= {one.id for one in preset.bodies}
    assert len({one.id for one in preset.contacts}) == len(preset.contacts)


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("Regional Prevent Co-ordinator", Function.REGIONAL),
        ("Channel Group", Function.CHANNEL_COORDINATOR),
        ("VTR", Function.PREVENT_INBOX),
        ("CAF", Function.EARLY_HELP),
        ("e-CRB", Function.HR),
        ("PCT", Function.ICB_LEAD),
        ("SHA", Function.REGIONAL),
        ("YOS", Function.FRONT_DOOR_CHILDREN),
        ("UK Border Agency", Function.OTHER),
    ],
)
def test_an_old_word_leads_to_todays_function(old: str, now: Function) -> None:
    everything = Entries(
        agencies=tuple(body for one in presets().values() for body in one.bodies),
        mailboxes=tuple(contact for one in presets().values() for contact in one.contacts),
    )

    found = search(everything, old.casefold())

    assert old in {word.old for word in found.today_words}
    of_it = [one for one in everything.mailboxes if one.listing.kept_as == now.value]
    assert {one.id for one in of_it} <= {one.id for one in found.contacts}


def test_short_words_find_no_old_word_by_chance() -> None:
    nothing = Entries(agencies=(), mailboxes=())

    assert search(nothing, "sh").today_words == ()
    assert len(old_words()) >= 9


def test_looking_for_nothing_shows_all_of_it() -> None:
    preset = presets()["set"]
    everything = Entries(agencies=preset.bodies, mailboxes=preset.contacts)

    assert search(everything, " ").contacts == preset.contacts
    assert {one.agency for one in search(everything, "thurrock chair").contacts} == {
        "thurrock-council"
    }
