"""The channels of the directory: what was checked is dialled, what was only printed is shown."""

from dataclasses import replace
from datetime import date

from values import POLICE, PREVENT

from broker.domain.directory.backing import Backing, Listing
from broker.domain.model import Mailbox
from broker.registers.directory import Entries
from broker.web.channels import Channel, local_channels

TODAY = date(2026, 3, 16)
ADVICE = replace(PREVENT, listing=Listing(kept_as="police-advice"), function="other")


def shown(*contacts: Mailbox) -> tuple[Channel, ...]:
    return local_channels(Entries(agencies=(POLICE,), mailboxes=contacts), TODAY)


def test_a_number_that_was_checked_is_dialled() -> None:
    (one,) = shown(ADVICE)

    assert one.dialled == "01632960001"
    assert one.checked_on == date(2026, 3, 1)


def test_a_number_whose_check_lapsed_or_that_was_only_printed_is_not_dialled() -> None:
    lapsed = replace(ADVICE, verified_on=date(2025, 3, 1))
    printed = replace(
        ADVICE,
        verified_on=None,
        listing=Listing(kept_as="police-advice", printed=2019, source="A policy"),
    )

    assert [one.dialled for one in shown(lapsed, printed)] == ["", ""]
    assert [one.lapsed for one in shown(lapsed, printed)] == [True, False]


def test_what_nobody_checked_is_retired_or_is_for_something_else_is_not_shown() -> None:
    unchecked = replace(ADVICE, verified_on=None)
    retired = replace(ADVICE, backing=Backing(retired_on=TODAY))
    no_number = replace(ADVICE, telephone="")

    assert shown(unchecked, retired, no_number, PREVENT) == ()
    gone = replace(POLICE, retired_on=TODAY)
    assert local_channels(Entries(agencies=(gone,), mailboxes=(ADVICE,)), TODAY) == ()


def test_a_safeguarding_team_stands_after_the_police() -> None:
    team = replace(PREVENT, title="Safeguarding team", function="safeguarding-inbox")

    assert [one.title.partition(",")[0] for one in shown(team, ADVICE)] == [
        "Prevent team",
        "Safeguarding team",
    ]
