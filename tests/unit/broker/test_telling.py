"""What proposes a notice to the region, and what it says; what a change of circumstances lacks."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from broker.domain.directory.backing import NOBODY_YET, Listing
from broker.domain.directory.functions import Function
from broker.domain.model import Disclosure, Mailbox, MailboxId
from broker.domain.partner_requests.answers import Known, Statement
from broker.domain.partner_requests.changes import ASKED_ANEW, ChangeNotice, change_faults
from broker.domain.partner_requests.notices import (
    NoticeKind,
    PanelKind,
    Proposed,
    proposed_by_sending,
    sentences,
)
from broker.domain.questions.follows import Changed, Follows
from broker.domain.references import parse_reference
from broker.domain.states import State
from keys import AgencyId, CaseId, PersonId

REFERENCE, ON = parse_reference("PRV-7Q4K-M2XH"), date(2026, 3, 16)
NOW = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


def a_disclosure(purpose: str) -> Disclosure:
    return Disclosure(
        reference=REFERENCE,
        case=CaseId("c-1"),
        sender=AgencyId("northshire-trust"),
        requester=PersonId("p-nurse"),
        recipient=MailboxId("somewhere"),
        purpose=purpose,
        outcome="permit",
        state=State.SENT,
        rulebook="r",
        created_at=NOW,
        changed_at=NOW,
        message_id=None,
        sealed_sha256=None,
        decision_number=1,
        due_on=None,
    )


def a_mailbox(function: str, kept_as: Function | None) -> Mailbox:
    return Mailbox(
        id=MailboxId("somewhere"),
        agency=AgencyId("northshire-council"),
        title="Somewhere",
        address="somewhere@northshire-council.example",
        type="role",
        accepts_encrypted="yes",
        telephone="01632 960 009",
        function=function,
        version=1,
        verified_on=None,
        verified_by=None,
        listing=Listing(kept_as=kept_as),
        backing=NOBODY_YET,
    )


@pytest.mark.parametrize(
    ("purpose", "function", "kept_as", "kind", "panel"),
    [
        ("referral", "prevent-inbox", None, NoticeKind.PANEL, PanelKind.CHANNEL),
        ("emergency", "prevent-inbox", None, NoticeKind.PANEL, PanelKind.CHANNEL),
        (
            "other-safeguarding",
            "front-door-children",
            None,
            NoticeKind.PANEL,
            PanelKind.SAFEGUARDING,
        ),
        ("referral", "other", Function.MAPPA_COORDINATOR, NoticeKind.PANEL, PanelKind.MAPPA),
        ("staff-process", "other", Function.HR, NoticeKind.STAFF, None),
        ("crime", "prevent-inbox", None, NoticeKind.LIVE, None),
        ("staff-process", "prevent-inbox", None, None, None),
        ("partner-response", "prevent-inbox", None, None, None),
        ("referral", "partner-lead", None, None, None),
    ],
)
def test_what_went_where_and_what_for_says_which_notice_is_proposed(
    purpose: str,
    function: str,
    kept_as: Function | None,
    kind: NoticeKind | None,
    panel: PanelKind | None,
) -> None:
    found = proposed_by_sending(a_disclosure(purpose), a_mailbox(function, kept_as), ON)

    assert (None if found is None else (found.kind, found.panel)) == (
        None if kind is None else (kind, panel)
    )


def test_a_notice_says_that_it_happened_and_of_a_live_investigation_nothing_more() -> None:
    live = Proposed(kind=NoticeKind.LIVE, about=REFERENCE, on=ON)
    of_a_panel = Proposed(
        kind=NoticeKind.PANEL, about=REFERENCE, on=ON, panel=PanelKind.SAFEGUARDING
    )

    assert sentences(live, "Northshire Trust")[:4] == (
        "Something was disclosed about a live investigation.",
        "Body: Northshire Trust",
        "Day: 16 March 2026",
        "Reference: PRV-7Q4K-M2XH",
    )
    assert "Panel: safeguarding" in sentences(of_a_panel, "Northshire Trust")


def a_notice() -> ChangeNotice:
    return ChangeNotice(
        about=REFERENCE,
        what=Changed.MOVED,
        statement=Statement(
            known=Known.TOLD, source="a neighbour", on=ON, words="They have moved away."
        ),
        to=(),
        form={"individual.address": "7 Elsewhere Road"},
        questions=dict.fromkeys(ASKED_ANEW, "answered"),
    )


def test_a_whole_notice_of_a_change_lacks_nothing() -> None:
    assert list(change_faults(a_notice(), ON)) == []


def test_every_element_that_a_change_lacks_is_named_at_once() -> None:
    bare = replace(
        a_notice(),
        statement=Statement(known=Known.SEEN, source=" ", on=date(2026, 3, 17), words=""),
        form={"individual.name": "Another", "concerns.event": "unmarked"},
        questions={},
    )

    assert [fault.place for fault in change_faults(bare, ON)] == [
        "statement.words",
        "statement.source",
        "statement.on",
        *(f"questions.{name}" for name in ASKED_ANEW),
        "form.individual.name",
        "form.concerns.event",
    ]


def test_what_a_pack_follows_comes_back_from_its_document() -> None:
    follows = Follows(first=REFERENCE, what=Changed.DEATH, on=ON)
    assert Follows.of_document(follows.document()) == follows
