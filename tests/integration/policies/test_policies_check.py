"""The check of a rulebook finds what reading it cannot prove."""

from collections.abc import Callable, Iterator
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest

from policies import Rulebook, check, run_cases
from policies.decision import Effect
from policies.tools.cases import Case, failures

TODAY = date(2026, 11, 1)
Edit = Callable[[str, str, str], Path]


@pytest.fixture(name="edit")
def _edit(folder: Traversable, tmp_path: Path) -> Edit:
    """Return a copy of the shipped rulebook in which one text of one file is another.

    Only the cases of the card that changes come along, so that few have to be run.
    """

    def edit(name: str, old: str, new: str) -> Path:
        card = name.partition(".")[0]
        for path, content in _files(folder):
            if not path.endswith(".cases.toml") or path.startswith(card):
                (tmp_path / path).parent.mkdir(exist_ok=True)
                (tmp_path / path).write_bytes(content)
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert old in text
        (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        return tmp_path

    return edit


def _files(folder: Traversable) -> Iterator[tuple[str, bytes]]:
    for path in folder.iterdir():
        if path.is_dir():
            yield from ((f"{path.name}/{name}", content) for name, content in _files(path))
        elif path.name.endswith(".toml"):
            yield path.name, path.read_bytes()


def test_the_shipped_rulebook_has_no_fault(folder: Traversable) -> None:
    assert check(folder, on=TODAY) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        pytest.param(
            "rules/R31-free-text.toml",
            'say = "Nobody',
            'tell = "Nobody',
            "rules/R31-free-text.toml:10: 'tell' is not a heading here.",
            id="a card that cannot be read",
        ),
        pytest.param(
            "rules/R31-free-text.cases.toml",
            'effect = "refuse"',
            'effect = "refer"',
            "rules/R31-free-text.cases.toml: 'Not read': The effect is 'refuse', not 'refer'.",
            id="a case with another effect",
        ),
        pytest.param(
            "rules/R31-free-text.cases.toml",
            "finding = 2",
            "finding = 1",
            "rules/R31-free-text.cases.toml: 'Read': Finding 2 answers, not finding 1.",
            id="a case with another finding",
        ),
        pytest.param(
            "rules/R31-free-text.cases.toml",
            "finding = 2",
            "finding = 1",
            "rules/R31: No case hits finding 2 of R31.",
            id="a finding without a case",
        ),
        pytest.param(
            "rules/R30-third-parties.cases.toml",
            '["redact-third-parties"]',
            "[]",
            "rules/R30-third-parties.cases.toml: 'Others are named': "
            "The duties are ['redact-third-parties'], not [].",
            id="a case with other duties",
        ),
        pytest.param(
            "rules/R30-third-parties.cases.toml",
            '"yes"',
            '"yse"',
            "rules/R30-third-parties.cases.toml: 'Others are named': The facts cannot be judged: "
            "material.third_parties: This fact must be one of: no, yes. Did you mean 'yes'?",
            id="a case whose facts are faulty",
        ),
        pytest.param(
            "rules/R30-third-parties.cases.toml",
            'effect = "obliges"',
            'effect = "oblige"',
            "rules/R30-third-parties.cases.toml:4: 'oblige' is not an effect. "
            "Did you mean 'obliges'?",
            id="a case with an unknown effect",
        ),
        pytest.param(
            "rules/R13-adult-without-agreement.cases.toml",
            'base = "refused"',
            'base = "refsued"',
            "rules/R13-adult-without-agreement.cases.toml:3: 'refsued' is not a base request. "
            "Did you mean 'refused'?",
            id="a case with an unknown base",
        ),
        pytest.param(
            "rules/R10-capacity.toml",
            "capacity is doubted or fluctuating or unknown",
            "capacity is doubted or fluctuating or unknown or presumed or has",
            "rules/R10-capacity.cases.toml: 'Taken to have capacity': "
            "Finding 1 answers, not finding 2.",
            id="a finding that takes too much",
        ),
        pytest.param(
            "rules/R02-requester.toml",
            'when = ["requester is assigned to the case is no"]',
            'when = ["requester is signed in is no", "requester is assigned to the case is no"]',
            "rules/R02: Finding 2 of R02 can never answer: an earlier one does.",
            id="a finding behind another",
        ),
        pytest.param(
            "rules/R14-asking-raises-risk.toml",
            '{ any-of = ["serious crime is unknown", "harm is unknown"] }',
            '{ any-of = ["serious crime is yes", "harm is serious"] }',
            "rules/R14: Finding 5 of R14 can never answer: an earlier one does.",
            id="a finding behind the same choice",
        ),
        pytest.param(
            "rules/R14-asking-raises-risk.toml",
            'when = [{ any-of = ["serious crime is unknown", "harm is unknown"] }]',
            'when = ["reason for not asking is empty"]',
            "rules/R14: Finding 5 of R14 can never answer: an earlier one does.",
            id="a finding behind part of a choice",
        ),
        pytest.param(
            "vocabulary/facts.toml",
            '["family.parent_position"]',
            '["family.parent_position"]\nname = "parent position"',
            "vocabulary: No card speaks of 'parent position'; "
            "a fact without a card needs no name.",
            id="a name that no card speaks",
        ),
        pytest.param(
            "law.toml",
            "[gillick]",
            '[spare]\ncitation = "A spare Act"\nsentence = "It is spare."\n'
            'tag = "unverified"\nread-in = "It."\nextent = "England"\n\n[gillick]',
            "law.toml: No card cites 'spare'.",
            id="law that no card cites",
        ),
        pytest.param(
            "law.toml",
            'in-force-from = "2026-02-05"',
            'in-force-to = "2026-02-05"',
            "law.toml: 'duaa-2025' is not in force on 2026-11-01.",
            id="law that has ended",
        ),
        pytest.param(
            "law.toml",
            'in-force-from = "2026-02-05"',
            'in-force-from = "2027-02-05"',
            "law.toml: 'duaa-2025' is not in force on 2026-11-01.",
            id="law that has not begun",
        ),
    ],
)
def test_a_fault_is_found_and_named(name: str, old: str, new: str, said: str, edit: Edit) -> None:
    messages = [str(message) for message in check(edit(name, old, new), on=TODAY)]

    assert said in messages


def test_cases_without_base_requests_are_a_fault(edit: Edit) -> None:
    folder = edit("rules/R31-free-text.cases.toml", "finding = 2", "finding = 2")
    (folder / "cases" / "bases.toml").unlink()

    messages = [str(message) for message in check(folder, on=TODAY)]

    assert messages[0] == "cases/bases.toml: The requests that cases begin from are missing."


def test_every_case_is_run_against_the_rulebook_given(
    rulebook: Rulebook, folder: Traversable
) -> None:
    assert run_cases(rulebook, folder) == ()


def test_a_case_without_a_word_on_duties_leaves_them_open(
    rulebook: Rulebook, bases: dict[str, dict[str, object]]
) -> None:
    case = Case(
        file="none",
        rule="R31",
        name="a child",
        facts=bases["child"],
        finding=2,
        effect=Effect.NONE,
        obliges=None,
    )

    assert list(failures(case, rulebook)) == []
