"""No loss is unseen after one working day: a named person on each side has it by page and mail.

By the round that a serving gateway makes, the notices that it writes and the pages that people
open. What can be lost: nobody rings, it does not open, it is refused, bounces, or nobody knows;
and the folder is not emptied, in which the notices lie as well.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from brokers import NURSE, Clock, a_submission
from delivery_notices import a_notice
from gateways import gateway
from homes import Prepared
from markup import page_client
from people import FIRST, acting, cheaply, entered, opened, with_account
from person_notices import notices
from scripted_couriers import dispatched
from visits import Visit, cheap

from broker.alarms import alarms
from broker.cases import inbox
from broker.delivery.message import envelope_id_of
from broker.disclosures.afterwards import mine
from broker.domain.days.working_days import next_working_day
from broker.domain.errors import DeliveryError, RejectedError, UnknownFateError
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.operations.housekeeping import housekeeping
from broker.wiring import Services
from keys import AgencyId, PersonId
from policies import LONDON

POLICE = AgencyId("northshire-police")
_OF_ONE_SENDER = 100


def _nothing(_services: Services, _sender: Person, _reference: Reference) -> None:
    """Whoever sent it never rings."""


def _told(services: Services, sender: Person, reference: Reference) -> None:
    """Its words are told, and nobody says that it opened."""
    services.disclosures.hand_over(reference, sender, None)


def _bounced(services: Services, _sender: Person, reference: Reference) -> None:
    """Their server took it, and says later that it did not."""
    with services.transaction() as tx:
        message_id = tx.disclosure(reference).message_id or ""
    mark = envelope_id_of(reference, message_id, services.dispatcher.envelopes)
    services.bounces.take(a_notice(mark, "failed"))


@dataclass(frozen=True)
class Loss:
    """How a document is lost: what its courier meets, and what comes of it afterwards."""

    error: DeliveryError | None = None
    after: Callable[[Services, Person, Reference], None] = _nothing
    came: bool = True


LOSSES = (
    Loss(),
    Loss(after=_told),
    Loss(after=_bounced, came=False),
    Loss(error=RejectedError("x", "refused", 550), came=False),
    Loss(error=UnknownFateError("x"), came=False),
)


def _a_visit(services: Services, clock: Clock, name: str, role: Role, agency: AgencyId) -> Visit:
    access = cheaply(services)
    person = entered(services, name, role, agency=agency)
    held = opened(access, access.accounts.invite(person, replace(FIRST, agency=agency)), clock)
    clock.forward(timedelta(minutes=1))
    return Visit(client=page_client(gateway(cheap(services))), held=held, clock=clock)


def lost(
    services: Services, clock: Clock, senders: list[Person], number: int
) -> dict[Reference, tuple[Person, Loss]]:
    """Lose documents in each way by turns, some minutes apart; return each with its sender."""
    found: dict[Reference, tuple[Person, Loss]] = {}
    for nth in range(number):
        loss, sender = LOSSES[nth % len(LOSSES)], senders[nth % len(senders)]
        pack = a_submission(services, f"key-lost-{nth:06}")
        reference = services.disclosures.submit(pack, sender)
        if loss.error is None and loss.after is _nothing:
            services.dispatcher.dispatch()  # into the folder, as nothing else was set up
        else:
            dispatched(services, *filter(None, (loss.error,)))
        loss.after(services, sender, reference)
        found[reference] = sender, loss
        clock.forward(timedelta(seconds=10))
    return found


def a_working_day_later(clock: Clock) -> datetime:
    """The beginning of the day after the next working day."""
    day = next_working_day(uk_day(clock())) + timedelta(days=1)
    return max(clock() + timedelta(days=1), datetime.combine(day, time(0, 1), LONDON))


@pytest.mark.parametrize("number", [10, pytest.param(1_000, marks=pytest.mark.long)])
def test_every_loss_is_seen_on_both_sides_after_a_working_day(
    prepared_on_sqlite: Prepared, tmp_path: Path, number: int
) -> None:
    clock = Clock()
    services = prepared_on_sqlite.copied(tmp_path / "home", clock)
    visits = [
        _a_visit(services, clock, f"Mira {letter} Specimen", Role.PRACTITIONER, FIRST.agency)
        for letter in "ABCDEFGHIJ"[: 1 + number // _OF_ONE_SENDER]
    ]
    officer = _a_visit(services, clock, "Ola Sample", Role.POLICE_LEAD, POLICE)
    senders = [acting(one.held, Role.PRACTITIONER) for one in visits]
    losses = lost(services, clock, senders, number)
    clock.now = a_working_day_later(clock)

    housekeeping(services)

    told = notices(services)
    unseen = list[tuple[str, Reference]]()
    for visit, sender in zip((*visits, officer), (*senders, None), strict=True):
        visit.sign_in()
        theirs = [ref for ref, (who, _) in losses.items() if sender in {None, who}]
        unseen += [
            ("not told", reference)
            for reference in theirs
            if not any(to == visit.held.address and str(reference) in said for to, said in told)
        ]
        page = visit.get("/inbox" if sender is None else "/referrals").text
        acts = page if sender is None else page.partition("Not sent yet")[0]
        unseen += [
            ("not on the page", reference)
            for reference in theirs
            if str(reference) not in acts and (sender is not None or losses[reference][1].came)
        ]
    assert unseen == []
    services.close()


def test_what_stands_still_stays_on_the_lists_whatever_comes_after(
    sqlite_broker: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (mine, inbox):
        monkeypatch.setattr(module, "LISTED", 1)
    found = lost(sqlite_broker, clock, [NURSE], len(LOSSES))
    newest = sqlite_broker.disclosures.submit(a_submission(sqlite_broker, "key-newest"), NURSE)
    sqlite_broker.dispatcher.dispatch()
    officer = Person(id=PersonId("p-officer"), agency=POLICE, role=Role.POLICE)

    listed = mine.mine_of(sqlite_broker.transaction, NURSE)
    came = {one.reference for one in sqlite_broker.inbox.listed(officer)}
    monkeypatch.setattr(inbox, "LISTED", 100)
    sent_back = {one.reference for one in sqlite_broker.inbox.taken_away(officer)}

    assert [one.reference for one in listed.sent] == [newest]
    stuck = {one.reference for one in listed.stuck} | {one.reference for one, _ in listed.owed}
    assert stuck >= found.keys()
    assert came == {newest, *(one for one, (_, loss) in found.items() if loss.came)}
    refused = {one for one, (_, loss) in found.items() if loss in LOSSES[2:4]}
    assert sent_back == refused


def test_a_folder_that_nobody_empties_is_an_alarm(sqlite_broker: Services, clock: Clock) -> None:
    visit = with_account(sqlite_broker, clock)
    pack = a_submission(sqlite_broker)
    reference = sqlite_broker.disclosures.submit(pack, acting(visit, Role.PRACTITIONER))
    sqlite_broker.dispatcher.dispatch()
    message = sqlite_broker.home.pickup / f"{reference}.eml"
    written = clock().timestamp()
    os.utime(message, (written, written))
    (sqlite_broker.home.pickup / ".unfinished.eml").touch()
    clock.forward(timedelta(hours=23))
    assert "mail-not-collected" not in {one.code for one in alarms(sqlite_broker)}
    clock.forward(timedelta(hours=1, minutes=1))

    (found,) = [one for one in alarms(sqlite_broker) if one.code == "mail-not-collected"]

    assert (found.count, found.since) == (1, datetime.fromtimestamp(written, clock().tzinfo))
    message.unlink()
    assert "mail-not-collected" not in {one.code for one in alarms(sqlite_broker)}
