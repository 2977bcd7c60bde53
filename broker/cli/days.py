"""Days and moments, as they are typed after a command."""

from datetime import date, datetime

import click


class Day(click.ParamType[date]):
    """A day of the calendar."""

    name = "YYYY-MM-DD"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day, or fail with what one looks like."""
        if isinstance(value, date):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            self.fail("must be a day of the calendar, such as 2026-03-31.", param, ctx)


DAY = Day()


class Moment(click.ParamType[datetime]):
    """A moment in the time of the United Kingdom, without its zone."""

    name = "YYYY-MM-DDTHH:MM"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the moment, or fail with what one looks like."""
        if isinstance(value, datetime):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  # the caller's zone
        except ValueError:
            self.fail("must be a day and a time, such as 2026-03-31T14:05.", param, ctx)


MOMENT = Moment()
