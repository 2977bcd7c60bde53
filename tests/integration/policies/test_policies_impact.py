"""Recorded requests judged by two rulebooks: each falls into exactly one list."""

from importlib.resources.abc import Traversable

import pytest

from policies import Change, Move, Outcome, Rulebook, impact
from policies.reading.rulebook import rule_files
from policies.tools.cases import changed

ENOUGH = ["individual.name", "concerns.event", "referrer.person"]
PERMIT, REFUSE, REFER = Outcome.PERMIT, Outcome.REFUSE, Outcome.REFER
WITH_DUTIES = Outcome.PERMIT_WITH_OBLIGATIONS


@pytest.mark.parametrize(
    ("name", "old", "new", "base", "expected"),
    [
        pytest.param(
            "rules/R08-proportionality.toml",
            "harm is none",
            "harm is significant",
            "referral",
            Change(id="D1", move=Move.TIGHTENED, before=PERMIT, after=REFUSE, rules=("R08",)),
            id="a rule that refuses more",
        ),
        pytest.param(
            "rules/R13-adult-without-agreement.toml",
            "harm is serious",
            "harm is some",
            "serious",
            Change(id="D1", move=Move.TIGHTENED, before=REFER, after=REFUSE, rules=("R13",)),
            id="a rule that refuses what it referred",
        ),
        pytest.param(
            "rules/R13-adult-without-agreement.toml",
            '"reason of public interest is empty"',
            '"reason of public interest is empty", "harm is none"',
            "refused",
            Change(id="D1", move=Move.WORDING_ONLY, before=REFUSE, after=REFUSE, rules=()),
            id="another answer of the same weight",
        ),
        pytest.param(
            "registers/purposes.toml",
            '"education.place",\n  "noticed_by.person"',
            '\n  "noticed_by.person"',
            "referral",
            Change(id="D1", move=Move.TIGHTENED, before=PERMIT, after=WITH_DUTIES, rules=("R29",)),
            id="a field less",
        ),
        pytest.param(
            "rules/R30-third-parties.toml",
            '[[duties]]\noblige = "redact-third-parties"\n'
            'when = ["other people are identified is yes"]',
            '[[duties]]\noblige = "redact-third-parties"',
            "referral",
            Change(
                id="D1",
                move=Move.OBLIGATIONS_CHANGED,
                before=PERMIT,
                after=WITH_DUTIES,
                rules=("R30",),
            ),
            id="a duty more",
        ),
        pytest.param(
            "rules/R30-third-parties.toml",
            "Nobody else is named.",
            "No other person is named.",
            "referral",
            Change(id="D1", move=Move.WORDING_ONLY, before=PERMIT, after=PERMIT, rules=()),
            id="other words",
        ),
        pytest.param(
            "rules/R31-free-text.toml",
            "Nobody has read",
            "No one has read",
            "referral",
            Change(id="D1", move=Move.UNCHANGED, before=PERMIT, after=PERMIT, rules=()),
            id="words that this request never reads",
        ),
    ],
)
def test_a_recorded_request_falls_into_its_list(  # noqa: PLR0913 - the columns of a table
    name: str,
    old: str,
    new: str,
    base: str,
    expected: Change,
    *,
    rulebook: Rulebook,
    folder: Traversable,
    bases: dict[str, dict[str, object]],
) -> None:
    contents = {path: file.read_bytes() for path, file in rule_files(folder)}
    text = contents[name].decode()
    assert old in text
    after = Rulebook.parse(contents | {name: text.replace(old, new).encode()})

    (change,) = impact([("D1", bases[base])], rulebook, after)
    (back,) = impact([("D1", bases[base])], after, rulebook)

    assert change == expected
    assert (back.move, back.rules) == (_mirrored(expected.move), expected.rules)


def _mirrored(move: Move) -> Move:
    return {Move.LOOSENED: Move.TIGHTENED, Move.TIGHTENED: Move.LOOSENED}.get(move, move)


def test_a_fact_that_was_never_recorded_is_not_made_up(
    rulebook: Rulebook, folder: Traversable, bases: dict[str, dict[str, object]]
) -> None:
    contents = {path: file.read_bytes() for path, file in rule_files(folder)}
    document = contents["vocabulary/document.toml"].decode()
    facts = contents["vocabulary/facts.toml"].decode()
    after = Rulebook.parse(
        contents
        | {
            "vocabulary/document.toml": document.replace(
                '["status", "t', '["how", "status", "t', 1
            ).encode(),
            "vocabulary/facts.toml": f'["told.how"]\nkind = "text"\n\n{facts}'.encode(),
        }
    )

    (change,) = impact([("D1", bases["referral"])], rulebook, after)

    assert (change.move, change.after) == (Move.CANNOT_BE_JUDGED, REFUSE)
    assert "facts" in change.rules


def test_a_field_for_a_field_counts_as_loosened(
    rulebook: Rulebook, folder: Traversable, bases: dict[str, dict[str, object]]
) -> None:
    contents = {path: file.read_bytes() for path, file in rule_files(folder)}
    register = contents["registers/purposes.toml"].decode()
    swapped = register.replace(
        '"education.place",\n  "noticed_by', '"history.criminal",\n  "noticed_by'
    )
    after = Rulebook.parse(contents | {"registers/purposes.toml": swapped.encode()})
    facts = changed(
        bases["referral"], {"fields": [*ENOUGH, "education.place", "history.criminal"]}
    )

    (change,) = impact([("D1", facts)], rulebook, after)

    assert change.move is Move.LOOSENED


def test_no_record_no_change(rulebook: Rulebook) -> None:
    assert impact([], rulebook, rulebook) == ()
