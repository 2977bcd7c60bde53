"""docs/formats/ledger.md and checkpoint.md say what the code does, and their examples hold."""

import re
from pathlib import Path

import pytest
from ledgers import SeedSigner

from audit.errors import Rule
from audit.format.commitment import commit
from audit.format.entry import parse_entry
from audit.format.event_table import EVENT_TYPES
from audit.format.event_types import EventType
from audit.format.field_kinds import EVENT_ID, Kind
from audit.format.merkle.tree import Frontier
from audit.format.notes.checkpoint import Checkpoint
from audit.format.notes.signed_checkpoint import open_checkpoint, sign_checkpoint
from audit.format.notes.verifier_key import VerifierKey
from audit.format.vocabulary import WordList
from audit.verify import export, partial
from broker.ledger.words import recordable

FORMATS = Path(__file__).parents[2] / "docs" / "formats"
LEDGER = (FORMATS / "ledger.md").read_text()
CHECKPOINT = (FORMATS / "checkpoint.md").read_text()


def row_of(event_type: EventType) -> str:
    fields = "; ".join(
        f"`{name}` {kind.name}" + (" (optional)" if name in event_type.optional else "")
        for name, kind in event_type.fields.items()
    )
    return f"| `{event_type.name}` | {event_type.when} | {fields} |"


def rows_under(heading: str) -> list[str]:
    section = (
        LEDGER.partition(f"\n### {heading}\n")[2].partition("\n## ")[0].partition("\n### ")[0]
    )
    return [line for line in section.splitlines() if line.startswith("| ")][1:]


def code_blocks(page: str) -> list[str]:
    return re.findall(r"^```\n(.*?)^```$", page, flags=re.DOTALL | re.MULTILINE)


def test_the_table_of_events_is_the_code_s() -> None:
    assert rows_under("The types of event") == [row_of(row) for row in EVENT_TYPES.values()]


def test_the_table_of_kinds_is_the_code_s() -> None:
    kinds: dict[str, Kind] = {
        kind.name: kind for row in EVENT_TYPES.values() for kind in row.fields.values()
    }
    kinds[EVENT_ID.name] = EVENT_ID

    assert rows_under("The kinds of value") == [
        f"| {name} | {kinds[name].meaning} |" for name in sorted(kinds)
    ]


def test_the_lists_of_words_are_those_that_the_gateway_hands_in() -> None:
    assert rows_under("The lists of words") == [
        f"| {word_list} | {', '.join(sorted(recordable(word_list)))} |" for word_list in WordList
    ]


def numbered_checks(text: str) -> dict[int, set[str]]:
    """The rules that each numbered check names."""
    found = re.findall(r"^(\d+)\. (.*(?:\n(?!\d+\.|\n|[A-Z]).*)*)", text, re.MULTILINE)
    return {
        int(number): {word for word in re.findall(r"`([^`]*)`", said) if word in set(Rule)}
        for number, said in found
    }


def test_the_verifier_makes_the_checks_of_the_page_in_their_order() -> None:
    page = LEDGER.partition("\n## Order of checks\n")[2].partition("\nOf a partial export")[0]
    checks = numbered_checks(export.__doc__ or "")

    assert list(checks) == list(range(1, 11))
    assert numbered_checks(page) == checks


def test_a_partial_export_is_checked_as_the_page_says() -> None:
    page = LEDGER.partition("\nOf a partial export the order is:\n")[2].partition("\n## ")[0]
    checks = numbered_checks(partial.__doc__ or "")

    assert list(checks) == list(range(1, 8))
    assert numbered_checks(page) == checks


def test_every_rule_of_the_verifier_is_explained() -> None:
    checks = LEDGER.partition("\n## Order of checks\n")[2].partition("\n## ")[0]

    assert {rule for rule in Rule if f"`{rule}`" not in checks} == set()


def test_the_known_answers_of_the_entries_hold() -> None:
    lines = code_blocks(LEDGER)[-1].splitlines()
    frontier = Frontier()

    for raw, leaf, root in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        entry = parse_entry(raw.encode())
        frontier = frontier.append(entry.leaf)
        assert (f"leaf {entry.leaf.hex()}", f"root {frontier.root().hex()}") == (leaf, root)


def test_the_known_answer_of_the_commitment_holds() -> None:
    value = {"b": [1, True, None, "\u00e9"], "a": {"z": ""}}

    assert f"`{commit('facts', value, bytes(range(32)))}`" in LEDGER


@pytest.fixture
def example() -> tuple[VerifierKey, bytes]:
    vkey, note = code_blocks(CHECKPOINT)[-2:]
    return VerifierKey.parse(vkey.strip()), note.encode()


def test_the_known_answer_of_the_checkpoint_opens(example: tuple[VerifierKey, bytes]) -> None:
    vkey, note = example

    root = code_blocks(LEDGER)[-1].splitlines()[-1].removeprefix("root ")
    assert open_checkpoint(note, vkey) == Checkpoint(
        origin="broker.example/ledger", size=3, root=bytes.fromhex(root)
    )


def test_the_known_answer_of_the_checkpoint_is_what_we_sign(
    example: tuple[VerifierKey, bytes],
) -> None:
    vkey, note = example

    signer = SeedSigner(1)

    assert VerifierKey.of("broker.example/ledger", signer) == vkey
    assert sign_checkpoint(open_checkpoint(note, vkey), signer) == note
