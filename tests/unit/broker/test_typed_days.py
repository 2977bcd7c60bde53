"""A day that is typed after a command is a day, and what is none is told as people write days."""

from datetime import date, datetime

import click
import pytest

from broker.cli import broker as program
from broker.cli.days import DAY, MOMENT


def test_a_day_and_a_moment_are_what_was_typed() -> None:
    assert DAY.convert("2026-03-31", None, None) == date(2026, 3, 31)
    assert MOMENT.convert("2026-03-31T14:05", None, None) == datetime(2026, 3, 31, 14, 5)  # noqa: DTZ001


@pytest.mark.parametrize("typed", ["31/3/2026", "2026-02-30", "20260331", "tomorrow", ""])
def test_what_is_no_day_is_told_what_one_looks_like(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="such as 2026-03-31"):
        DAY.convert(typed, None, None)
    with pytest.raises(click.BadParameter, match="such as 2026-03-31T14:05"):
        MOMENT.convert(typed, None, None)


def test_the_help_of_a_command_shows_a_day_as_people_write_one() -> None:
    shown = click.Context(program).command
    assert isinstance(shown, click.Group)
    hold = shown.get_command(click.Context(program), "hold")
    assert isinstance(hold, click.Group)
    place = hold.get_command(click.Context(hold), "set")
    assert place is not None

    told = place.get_help(click.Context(place, info_name="set"))

    assert "--until YYYY-MM-DD" in told
    assert "%" not in told
