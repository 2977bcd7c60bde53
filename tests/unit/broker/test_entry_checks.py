"""A directory entry that cannot be right is refused before anybody rings."""

from dataclasses import replace

import pytest
from values import BASIS, POLICE, PREVENT, TRUST, the_rulebook

from broker.domain.model import Agency, LegalBasis, Mailbox
from broker.registers.entry_checks import entry_faults
from keys import AgencyId

COUNCIL = replace(TRUST, id=AgencyId("council"), kind="local-authority")
FIRM = replace(TRUST, id=AgencyId("firm"), kind="private-body")
NOW = replace(PREVENT, verified_on=None, verified_by=None)


def places(agencies: tuple[Agency, ...], mailboxes: tuple[Mailbox, ...] = ()) -> list[str]:
    rulebook = the_rulebook()
    known = (POLICE, TRUST, COUNCIL, FIRM)
    found = entry_faults(agencies, mailboxes, known, rulebook.vocabulary, rulebook.mail)
    return [fault.place for fault in found]


def test_sample_entries_have_no_fault() -> None:
    assert places((TRUST, POLICE), (NOW,)) == []


@pytest.mark.parametrize("kind", ["school", "Police", "", "unknown"])
def test_a_kind_outside_the_list_is_refused(kind: str) -> None:
    assert places((replace(TRUST, kind=kind),)) == ["agencies.northshire-trust.kind"]


@pytest.mark.parametrize(
    ("basis", "place"),
    [
        (replace(BASIS, article_6="public task"), "article_6"),
        (replace(BASIS, article_9="safeguarding"), "article_9"),
        (replace(BASIS, schedule_1="18 of course"), "schedule_1"),
    ],
)
def test_a_basis_in_free_text_is_refused(basis: LegalBasis, place: str) -> None:
    agency = replace(TRUST, bases={"*": basis})

    assert places((agency,)) == [f"agencies.northshire-trust.bases.{place}"]


def test_a_basis_for_no_purpose_that_exists_is_refused() -> None:
    assert places((replace(TRUST, bases={"referal": BASIS}),)) == [
        "agencies.northshire-trust.bases"
    ]


@pytest.mark.parametrize(
    "telephone",
    ["999", "112", "101", "111", "0906 123 4567", "0870 123 4567", "+44 9061234567", "960 001",
     "0044 871 123 4567", "0845 123 4567", "07012 345678", "118 500", "0300"],
)  # fmt: skip
def test_a_number_that_is_not_the_teams_is_refused(telephone: str) -> None:
    assert places((), (replace(NOW, telephone=telephone),)) == [
        "mailboxes.northshire-prevent.telephone"
    ]


@pytest.mark.parametrize(
    "telephone",
    ["01632 960 001", "+44 1632 960001", "+44 (0)1632 960001", "020 7946 0000", "0300 123 4567",
     "0800 789 3210", "07700 900123"],
)  # fmt: skip
def test_an_ordinary_number_is_taken(telephone: str) -> None:
    assert places((), (replace(NOW, telephone=telephone),)) == []


@pytest.mark.parametrize(
    ("agency", "host"),
    [
        (POLICE, "gmail.com"),
        (POLICE, "outlook.com"),
        (POLICE, "northshire-police.uk"),
        (POLICE, "northshire.police.uk.com"),
        (POLICE, "northshire.p0lice.uk"),
        (POLICE, "northshire.example.org"),
        (TRUST, "gmail.com"),
        (TRUST, "nhs-net.com"),
        (TRUST, "nhs.net.example.com"),
        (TRUST, "northshire-nhs.uk"),
        (COUNCIL, "northshire-gov.uk"),
        (COUNCIL, "northshire.g0v.uk"),
        (FIRM, "northshire.p0lice-uk.com"),
    ],
)
def test_a_host_that_is_everybodys_or_looks_like_anothers_is_refused(
    agency: Agency, host: str
) -> None:
    mailbox = replace(NOW, agency=agency.id, address=f"prevent@{host}")

    assert places((), (mailbox,)) == ["mailboxes.northshire-prevent.address"]


@pytest.mark.parametrize(
    ("agency", "host", "kind"),
    [
        (POLICE, "northshire.police.uk", "role"),
        (POLICE, "northshire.cjsm.net", "role"),
        (TRUST, "nhs.net", "role"),
        (TRUST, "northshire-hospice.org.uk", "role"),
        (COUNCIL, "northshire.gov.uk", "role"),
        (FIRM, "mentors.example.org", "role"),
        (FIRM, "gmail.com", "personal-webmail"),
    ],
)
def test_a_host_of_its_own_is_taken(agency: Agency, host: str, kind: str) -> None:
    assert places((), (replace(NOW, agency=agency.id, type=kind, address=f"a@{host}"),)) == []


def test_webmail_must_be_called_so() -> None:
    mailbox = replace(NOW, agency=FIRM.id, address="a@gmail.com", type="role")

    assert places((), (mailbox,)) == ["mailboxes.northshire-prevent.type"]
