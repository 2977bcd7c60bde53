"""Nothing is lost in silence: each loss is told to a person once, and stops nothing."""

import ssl
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from brokers import NOON, NURSE, Clock, a_submission
from mail_servers import Authority, courier_to, honest_server, scripted_server
from people import FIRST, entered
from person_notices import notices
from referrals import assert_ledger_verifies
from sqlalchemy import update

from broker.delivery.notice_post import NoticePost
from broker.disclosures.afterwards.chasing import Late, Step, late_by_state, late_duties, was_told
from broker.domain.model import Duty, MailboxId, Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.trials.letters import Programme
from broker.storage import tables
from broker.wiring import Services
from keys import PersonId

KEEPER = Person(id=PersonId("p-keeper"), agency=NURSE.agency, role=Role.KEEPER)
FRIDAY = NOON.replace(day=20)


def sent(services: Services) -> Reference:
    reference = services.disclosures.submit(a_submission(services), NURSE)
    services.dispatcher.dispatch()
    return reference


def tried(services: Services) -> None:
    """Have a test letter opened by the recipient, whose first pack is not chased sooner then."""
    services.trying.send(MailboxId("northshire-prevent"), KEEPER)
    services.trying.opened(
        MailboxId("northshire-prevent"), Programme.ACROBAT, frozenset(), KEEPER.id
    )


def steps(services: Services, reference: Reference) -> list[str]:
    with services.transaction() as tx:
        return [
            str(entry.event["step"]) for entry in tx.about(reference) if entry.type == "chased"
        ]


def test_no_call_within_a_day_is_told_once_and_the_recipients_mailbox_hears_of_it(
    sqlite_broker: Services, clock: Clock
) -> None:
    services = sqlite_broker
    tried(services)
    reference = sent(services)
    clock.forward(timedelta(hours=23, minutes=59))
    assert services.afterwards.chasing.chase() == 0
    clock.forward(timedelta(minutes=1))

    assert services.afterwards.chasing.chase() == 1
    assert services.afterwards.chasing.chase() == 0

    assert steps(services, reference) == ["no-call"]
    ((to, said),) = notices(services)
    with services.transaction() as tx:
        disclosure = tx.disclosure(reference)
        assert to == tx.directory.mailbox(disclosure.recipient).address
        assert disclosure.state is State.SENT
    assert str(reference) in said
    assert_ledger_verifies(services)


def test_what_was_told_and_not_opened_is_late_after_one_working_day(
    sqlite_broker: Services, clock: Clock
) -> None:
    services = sqlite_broker
    clock.now = FRIDAY
    reference = sent(services)
    services.disclosures.hand_over(reference, NURSE, None)
    clock.now = FRIDAY + timedelta(days=3)  # the Monday
    services.afterwards.chasing.chase()
    assert "not-opened" not in steps(services, reference)

    clock.now = FRIDAY + timedelta(days=4)
    services.afterwards.chasing.chase()

    assert "not-opened" in steps(services, reference)


def test_an_opened_document_is_chased_for_nothing(sqlite_broker: Services, clock: Clock) -> None:
    services = sqlite_broker
    reference = sent(services)
    services.disclosures.hand_over(reference, NURSE, None)
    services.disclosures.acknowledge(reference, NURSE)
    clock.forward(timedelta(days=2))
    services.afterwards.chasing.chase()

    assert [step for step in steps(services, reference) if not step.startswith("duty-")] == []


@pytest.mark.parametrize("left", [False, True], ids=["there", "left"])
def test_where_the_sender_has_left_or_is_a_machine_who_leads_there_hears(
    sqlite_broker: Services, clock: Clock, *, left: bool
) -> None:
    services = sqlite_broker
    tried(services)
    entered(services, "Mira Specimen", Role.PRACTITIONER, id_=NURSE.id)
    entered(services, "Lea Sample", Role.LEAD)
    sent(services)
    if left:
        services.access.people.disable(NURSE.id, FIRST)
    clock.forward(timedelta(days=1))

    assert services.afterwards.chasing.chase() == 1

    heard = {to for to, _ in notices(services)}
    sender, lead = "mira.specimen@northshire-trust.example", "lea.sample@northshire-trust.example"
    assert (sender in heard, lead in heard) == (not left, left)


def test_what_no_person_of_ours_sent_is_told_to_who_leads_there(
    sqlite_broker: Services, clock: Clock
) -> None:
    services = sqlite_broker
    tried(services)
    entered(services, "Lea Sample", Role.LEAD)
    sent(services)
    clock.forward(timedelta(days=1))

    services.afterwards.chasing.chase()

    assert "lea.sample@northshire-trust.example" in {to for to, _ in notices(services)}


@pytest.mark.parametrize(
    ("today", "climbed"),
    [
        (date(2026, 4, 2), []),
        (date(2026, 4, 3), [Step.DUTY_OWNER]),  # Good Friday
        (date(2026, 4, 7), [Step.DUTY_OWNER]),  # the first working day after Easter
        (date(2026, 4, 8), [Step.DUTY_OWNER, Step.DUTY_LEAD]),
        (date(2026, 4, 9), [Step.DUTY_OWNER, Step.DUTY_LEAD, Step.DUTY_GUARDIAN]),
    ],
)
def test_a_late_duty_climbs_a_step_with_each_working_day(today: date, climbed: list[Step]) -> None:
    duty = Duty(type="tell-the-person", due_on=date(2026, 4, 2), done_on=None)
    done = replace(duty, done_on=date(2026, 4, 1))
    whenever = replace(duty, due_on=None)
    now = NOON.replace(month=today.month, day=today.day)

    assert [late.step for late in late_duties((duty, done, whenever), now)] == climbed


def test_a_loss_that_comes_back_is_told_again(sqlite_broker: Services, clock: Clock) -> None:
    services = sqlite_broker
    reference = sent(services)
    with services.transaction() as tx:
        entries = tx.about(reference)
    lost = Late(step=Step.NO_CALL)
    assert late_by_state(State.SENT, entries, clock() + timedelta(days=2)) == lost
    clock.forward(timedelta(days=2))
    services.afterwards.chasing.chase()
    with services.transaction() as tx:
        entries = tx.about(reference)
    assert was_told(lost, entries)

    services.disclosures.hand_over(reference, NURSE, None)
    with services.transaction() as tx:
        assert not was_told(lost, tx.about(reference))


def test_one_that_cannot_be_believed_stops_no_other(sqlite_broker: Services, clock: Clock) -> None:
    services = sqlite_broker
    edited = sent(services)
    clock.forward(timedelta(seconds=1))
    other = services.disclosures.submit(a_submission(services, "key-00000002"), NURSE)
    services.dispatcher.dispatch()
    with services.transaction.database.transaction() as connection:
        columns = tables.disclosure.c
        connection.execute(
            update(tables.disclosure)
            .where(columns.reference == str(edited))
            .values(state=State.UNKNOWN.value)
        )
    clock.forward(timedelta(days=2))

    services.afterwards.chasing.chase()

    assert "no-call" in steps(services, other)


@pytest.fixture(scope="module", name="authority")
def _authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def a_notice(folder: Path) -> Path:
    path = folder / "notice-00.eml"
    path.write_bytes(
        b"From: broker@disclosure.invalid\r\nTo: nia@northshire-trust.example\r\n"
        b"Subject: Document PRV-7Q4K-M2XH waits for you\r\n\r\nSign in.\r\n"
    )
    return path


def test_notices_go_by_the_relay_where_there_is_one(authority: Authority, tmp_path: Path) -> None:
    path = a_notice(tmp_path)
    (tmp_path / "PRV-7Q4K-M2XH.eml").touch()
    with honest_server(authority.context()) as (port, inbox):
        post = NoticePost(courier=courier_to(port, authority), folder=tmp_path)
        assert (post.send_all(), post.send_all()) == (1, 0)

    assert [envelope.rcpt_tos for envelope in inbox.taken] == [["nia@northshire-trust.example"]]
    assert not path.exists()
    assert (tmp_path / "PRV-7Q4K-M2XH.eml").exists()


@pytest.mark.parametrize(("reply", "stays"), [("451 later", True), ("550 nobody", False)])
def test_a_notice_waits_for_a_relay_that_does_and_is_not_tried_for_ever(
    authority: Authority, tmp_path: Path, reply: str, *, stays: bool
) -> None:
    path = a_notice(tmp_path)
    context: ssl.SSLContext = authority.context()
    with scripted_server(context, RCPT=reply) as server:
        post = NoticePost(courier=courier_to(server.port, authority), folder=tmp_path)
        assert post.send_all() == 0

    assert path.exists() is stays
    assert not any("NOTIFY" in line for line in server.heard)


def test_without_a_relay_notices_wait_for_the_mail_system(sqlite_broker: Services) -> None:
    path = a_notice(sqlite_broker.home.pickup)

    assert sqlite_broker.notice_post.send_all() == 0
    assert path.exists()
