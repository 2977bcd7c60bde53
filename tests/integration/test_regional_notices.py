"""Regional notices: what happened proposes them, a lead decides, and nobody is named in one."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_submission
from homes import Prepared
from packs import CANARIES
from regions import REGION, REGION_ADDRESS, with_region

from broker.cases.inbox import Inbox
from broker.domain.errors import RowDisagreesError, UnknownReferenceError, WrongStateError
from broker.domain.model import Person
from broker.domain.partner_requests.notices import NoticeKind, PanelKind
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.partner_requests.noticing import Noticing
from broker.wiring import Services
from keys import AgencyId, PersonId

LEAD = Person(id=PersonId("p-lead"), agency=NURSE.agency, role=Role.LEAD)
POLICE_LEAD = Person(
    id=PersonId("p-sergeant"), agency=AgencyId("northshire-police"), role=Role.POLICE_LEAD
)
PANEL, OURS = NoticeKind.PANEL, NoticeKind.OUR_PART

_keys = count(1)


@pytest.fixture(name="services", scope="module")
def _services(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Services]:
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("notices") / "home", Clock())
    yield services
    services.close()


def noticing(services: Services) -> Noticing:
    return services.partner_requests.noticing


def sent(services: Services) -> Reference:
    """Return a referral that went to the police."""
    reference = services.disclosures.submit(
        a_submission(services, f"notice-{next(_keys):08}"), NURSE
    )
    services.dispatcher.dispatch()
    return reference


def types_about(services: Services, reference: Reference) -> list[str]:
    with services.transaction() as tx:
        return [one.type for one in tx.ledger.entries_about(str(reference))]


def test_two_referrals_of_one_day_are_both_proposed(services: Services) -> None:
    both = {sent(services), sent(services)}

    waiting = [one.about for one in noticing(services).shown(LEAD).waiting]

    assert both <= set(waiting)
    assert waiting == sorted(waiting, key=str)
    for about in both:
        noticing(services).leave_out(about, PANEL, LEAD)


def test_a_referral_proposes_a_notice_that_goes_once_its_lead_says_so(services: Services) -> None:
    reference = sent(services)
    with_region(services)
    mine = [one for one in noticing(services).shown(LEAD).waiting if one.about == reference]
    assert [(one.kind, one.panel) for one in mine] == [(PANEL, PanelKind.CHANNEL)]
    before = set(services.home.pickup.glob("notice-*.eml"))

    done = noticing(services).approve(reference, PANEL, LEAD)

    (mail,) = set(services.home.pickup.glob("notice-*.eml")) - before
    read = mail.read_text()
    assert f"To: {REGION_ADDRESS}" in read
    for said in ("A referral to a local panel.", "16 March 2026", "Channel", str(reference)):
        assert said in read
    assert "Sign in" not in read
    assert not any(canary in read for canary in CANARIES)
    assert (done.mailbox, done.sent_at is not None) == (REGION, True)
    assert types_about(services, reference)[-2:] == ["notice.approved", "notice.sent"]
    assert reference not in {one.about for one in noticing(services).shown(LEAD).waiting}
    with pytest.raises(WrongStateError, match="decided already"):
        noticing(services).approve(reference, PANEL, LEAD)
    with pytest.raises(WrongStateError, match="not taken back"):
        noticing(services).leave_out(reference, PANEL, LEAD)


def test_what_is_left_out_is_told_to_nobody_and_stays_left_out(services: Services) -> None:
    reference = sent(services)
    before = set(services.home.pickup.glob("notice-*.eml"))

    first, again = (noticing(services).leave_out(reference, PANEL, LEAD) for _ in range(2))

    assert first == again
    assert set(services.home.pickup.glob("notice-*.eml")) == before
    assert types_about(services, reference).count("notice.left-out") == 1
    with pytest.raises(WrongStateError, match="decided already"):
        noticing(services).approve(reference, PANEL, LEAD)


def test_who_acts_on_a_partner_s_referral_tells_their_own_region(services: Services) -> None:
    reference = sent(services)
    services.disclosures.hand_over(reference, NURSE, None)
    assert noticing(services).shown(POLICE_LEAD).waiting == ()

    inbox = Inbox(transaction=services.transaction, clock=services.clock)
    inbox.acknowledge(POLICE_LEAD, reference)
    inbox.pass_on(POLICE_LEAD, reference, "The neighbourhood team")

    (one,) = noticing(services).shown(POLICE_LEAD).waiting
    assert (one.kind, one.about) == (OURS, reference)
    with pytest.raises(UnknownReferenceError):
        noticing(services).leave_out(reference, OURS, LEAD)


def test_what_nothing_proposes_is_decided_by_nobody(services: Services) -> None:
    reference = sent(services)
    services.afterwards.recalling.recall(reference, NURSE)

    for person, kind in ((LEAD, PANEL), (LEAD, NoticeKind.LIVE), (POLICE_LEAD, PANEL)):
        with pytest.raises(UnknownReferenceError):
            noticing(services).approve(reference, kind, person)


def test_without_a_contact_that_was_rung_nobody_is_told_and_a_mail_that_fails_goes_later(
    prepared_on_sqlite: Prepared, tmp_path: Path
) -> None:
    services = prepared_on_sqlite.copied(tmp_path / "home", Clock())
    reference = sent(services)
    with pytest.raises(WrongStateError, match="somebody has rung"):
        noticing(services).approve(reference, PANEL, LEAD)
    with_region(services)
    away = replace(
        noticing(services),
        notices=replace(noticing(services).notices, folder=tmp_path / "not-there"),
    )

    kept = away.approve(reference, PANEL, LEAD)

    assert (kept.sent_at, types_about(services, reference)[-1]) == (None, "notice.approved")
    assert noticing(services).approve(reference, PANEL, LEAD).sent_at is not None
    with services.transaction.database.transaction() as connection:
        connection.exec_driver_sql("update regional_notice set mailbox = null")
    with pytest.raises(RowDisagreesError):  # somebody edited it
        noticing(services).shown(LEAD)
    services.close()
