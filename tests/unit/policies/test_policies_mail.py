"""The verdict on an address, and the import of the accredited list."""

from datetime import date
from typing import cast

import pytest

from policies import MailRegister, MailVerdict, RegisterError, Rulebook, Verdict, mail_verdict
from policies.reading.mail import Covers, MailEntry


@pytest.fixture(name="register")
def _register(rulebook: Rulebook) -> MailRegister:
    return rulebook.mail


@pytest.mark.parametrize(
    ("address", "verdict", "rule"),
    [
        pytest.param("x@gov.uk", "seal", "not listed", id="gov.uk itself"),
        pytest.param("x@cjsm.net", "seal", "not listed", id="cjsm.net itself"),
        pytest.param("x@a.b.cjsm.net", "secure", "cjsm.net", id="a host under cjsm.net"),
        pytest.param("x@fakepolice.uk", "seal", "not listed", id="an ending is not a label"),
        pytest.param("x@police.uk.example.com", "seal", "not listed", id="the wrong end"),
        pytest.param("x@nhs.net.uk", "seal", "not listed", id="one label more"),
        pytest.param("x@gcsx.gov.uk", "retired", "gcsx.gov.uk", id="a closed domain itself"),
        pytest.param("x@a.x.gsi.gov.uk", "retired", "x.gsi.gov.uk", id="most labels decide"),
        pytest.param("x@A.GSE.GOV.UK", "retired", "gse.gov.uk", id="capitals"),
        pytest.param("x@pnn.police.uk", "hold", "pnn.police.uk", id="an old domain itself"),
        pytest.param("x@xgsi.gov.uk", "secure", "gov.uk", id="not a closed domain"),
        pytest.param("x@mod.gov.uk", "secure", "gov.uk", id="another host under gov.uk"),
        pytest.param("x@unit.mod.uk", "seal", "not listed", id="mod.uk"),
        pytest.param("x@nhs.scot", "seal", "not listed", id="nhs.scot"),
        pytest.param("o'neil.x+y_z-1@nhs.net", "secure", "nhs.net", id="signs of mailboxes"),
        pytest.param("a" * 64 + "@nhs.net", "secure", "nhs.net", id="64 octets"),
        pytest.param("a" * 65 + "@nhs.net", "reject", "malformed", id="65 octets"),
        pytest.param("x@" + "a." * 124 + "uk", "seal", "not listed", id="252 octets"),
        pytest.param("xxx@" + "ab." * 83 + "uk", "reject", "malformed", id="255 octets"),
        pytest.param("x@nhs.net.", "reject", "malformed", id="trailing dot"),
        pytest.param("x@.nhs.net", "reject", "malformed", id="leading dot"),
        pytest.param("x@nhs..net", "reject", "malformed", id="two dots"),
        pytest.param("x@-a.gov.uk", "reject", "malformed", id="a label of hyphens"),
        pytest.param("x@xn--plice-6of.uk", "reject", "malformed", id="an encoded label"),
        pytest.param("x@a.XN--P1AI", "reject", "malformed", id="an encoded end"),
        pytest.param("x@[192.0.2.1]", "reject", "malformed", id="a literal"),
        pytest.param('"x y"@nhs.net', "reject", "malformed", id="quoted"),
        pytest.param('"x"@nhs.net', "reject", "malformed", id="quoted without need"),
        pytest.param(".x@nhs.net", "reject", "malformed", id="a dot first"),
        pytest.param("x.@nhs.net", "reject", "malformed", id="a dot last"),
        pytest.param("x..y@nhs.net", "reject", "malformed", id="two dots in a mailbox"),
        pytest.param("x%y@nhs.net", "reject", "malformed", id="a relay"),
        pytest.param("x@nhs.net,y@nhs.net", "reject", "malformed", id="two addresses"),
        pytest.param(" x@nhs.net", "reject", "malformed", id="a space first"),
        pytest.param("x@nhs.net\n", "reject", "malformed", id="a line end"),
        pytest.param("x@nhs\u200b.net", "reject", "malformed", id="an unseen character"),
        pytest.param("x@nhs\uff0enet", "reject", "malformed", id="a wide dot"),
        pytest.param("\uff58@nhs.net", "reject", "malformed", id="a wide letter"),
        pytest.param("x@nhs", "reject", "malformed", id="one label"),
        pytest.param("@nhs.net", "reject", "malformed", id="no mailbox"),
        pytest.param("nhs.net", "reject", "malformed", id="no sign"),
        pytest.param("x@(a)nhs.net", "reject", "malformed", id="a comment"),
        pytest.param("mailto:x@nhs.net", "reject", "malformed", id="a link"),
    ],
)
def test_an_address_is_judged_as_given(
    address: str, verdict: str, rule: str, register: MailRegister
) -> None:
    answer = mail_verdict(address, register)

    assert (answer.verdict.value, answer.rule) == (verdict, rule)


def test_a_verdict_says_what_to_do_and_not_the_address(register: MailRegister) -> None:
    assert mail_verdict("Jane Sample", register) == MailVerdict(
        verdict=Verdict.REJECT,
        rule="malformed",
        say="This address cannot be used: it must be plain letters, digits and signs, "
        "without spaces. Choose it from the directory.",
    )


def test_an_entry_that_covers_something_else_is_a_fault_and_no_verdict() -> None:
    entry = MailEntry(
        domain="nhs.net", covers=cast("Covers", "all"), verdict=Verdict.SECURE, note="None."
    )

    with pytest.raises(AssertionError):
        entry.speaks_of(["nhs", "net"])


def test_accredited_hosts_become_secure(register: MailRegister) -> None:
    lines = ["organisation,domain", "A Trust,Trust.nhs.uk", "A Practice,practice.example"]

    listed = register.with_accredited_hosts(lines, listed_on=date(2026, 10, 1))

    assert listed.accredited_on == date(2026, 10, 1)
    assert mail_verdict("x@trust.nhs.uk", listed).verdict is Verdict.SECURE
    assert mail_verdict("x@sub.trust.nhs.uk", listed).verdict is Verdict.SEAL
    assert mail_verdict("x@trust.nhs.uk", register).verdict is Verdict.SEAL


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        pytest.param([], "column named 'domain'", id="empty"),
        pytest.param(["host", "trust.nhs.uk"], "column named 'domain'", id="another column"),
        pytest.param(["domain", "a" * 200_000], "Line 2 of the list is not CSV", id="not CSV"),
        pytest.param(["domain", "a trust"], "Line 2 of the list names no host", id="no host"),
        pytest.param(["a,domain", "b"], "Line 2 of the list names no host", id="a short line"),
        pytest.param(
            ["domain", "trust.nhs.uk", "council.gcsx.gov.uk"],
            "Line 3 of the list lies under a closed domain",
            id="closed",
        ),
        pytest.param(["domain", "a.pnn.police.uk"], "Line 2 of the list lies under", id="on hold"),
    ],
)
def test_a_list_that_cannot_be_trusted_is_refused(
    lines: list[str], said: str, register: MailRegister
) -> None:
    with pytest.raises(RegisterError, match=said):
        register.with_accredited_hosts(lines, listed_on=date(2026, 10, 1))


def test_the_shipped_register_is_that_of_the_shipped_rulebook(register: MailRegister) -> None:
    assert MailRegister.shipped() == register
