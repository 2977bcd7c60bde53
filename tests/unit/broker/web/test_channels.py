"""Numbers that people ring: those of the whole country, and no other as if it were verified."""

import pytest

from broker.web.channels import NATIONAL, ChannelFaultError, Function, preset, read_preset


def a_preset(number: str, printed: str = "") -> str:
    return f'[[channel]]\nfunction = "out-of-hours"\ntitle = "x"\nnumber = "{number}"\n{printed}'


def test_the_preset_holds_numbers_of_the_whole_country_alone() -> None:
    assert {channel.number for channel in preset()} == NATIONAL
    assert preset()[0].function is Function.EMERGENCY


def test_a_local_number_must_say_when_it_was_printed() -> None:
    with pytest.raises(ChannelFaultError, match="out-of-hours"):
        read_preset(a_preset("01632 960 001"))


def test_a_number_that_was_printed_is_shown_and_not_dialled() -> None:
    (channel,) = read_preset(a_preset("01632 960 001", "printed = 2025"))

    assert (channel.number, channel.printed, channel.dialled) == ("01632 960 001", 2025, "")


def test_a_number_of_the_whole_country_can_be_dialled() -> None:
    (channel,) = read_preset(a_preset("0800 789 321"))

    assert channel.dialled == "0800789321"
