"""A contact is tried before it is trusted, and what was called back is followed up."""

import email
import email.policy
from datetime import timedelta

import pikepdf
import pytest
from brokers import NURSE, Clock, a_submission
from people import acting, with_guardian
from person_notices import notices
from referrals import assert_ledger_verifies, recorded, submit
from visits import Visit, signed_in

from broker.disclosures.afterwards.chasing import Step
from broker.disclosures.breaches.opening import Noticed
from broker.disclosures.views import view_of
from broker.domain.breaches.record import Cause, Kind
from broker.domain.errors import WrongStateError
from broker.domain.model import MailboxId, Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.domain.states import State
from broker.domain.trials.letters import Filter, Programme, TrialEnd
from broker.ledger.changes.retractions import Answer
from broker.wiring import Services
from keys import PersonId

CONTACT = MailboxId("northshire-prevent")
KEEPER = Person(id=PersonId("p-keeper"), agency=NURSE.agency, role=Role.KEEPER)


def late(services: Services, reference: Reference) -> list[Step]:
    view = view_of(services.disclosures, services.receipts, reference, NURSE)
    return [one.step for one in view.late]


def test_a_test_letter_is_sealed_without_content_and_its_opening_stays_with_the_contact(
    sqlite_broker: Services,
) -> None:
    services, trying = sqlite_broker, sqlite_broker.trying
    assert trying.letter(CONTACT) is None
    with pytest.raises(WrongStateError, match="No test letter"):
        trying.failed(CONTACT, frozenset(), KEEPER.id)

    letter = trying.send(CONTACT, KEEPER)

    (path,) = services.home.pickup.glob("*.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    (attached,) = message.iter_attachments()
    sealed = path.with_suffix(".pdf")
    sealed.write_bytes(attached.get_content())
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(sealed)
    with pikepdf.open(sealed, password=letter.words) as document:
        assert len(document.pages) == 1
    body = message.get_body()
    assert body is not None
    assert "holds nothing about" in body.get_content()
    again = trying.letter(CONTACT)
    assert again is not None
    assert (again.words, len(again.spelled)) == (letter.words, 6)
    filters = frozenset({Filter.BANNER, Filter.JUNK})
    opened = trying.opened(CONTACT, Programme.EDGE, filters, KEEPER.id)

    assert (opened.programme, opened.filters, opened.proves(opened.version)) == (
        Programme.EDGE,
        filters,
        True,
    )
    with services.transaction() as tx:
        types = [entry.type for entry in tx.ledger.entries()][-2:]
        assert letter.words.encode() not in b"".join(
            tx.ledger.raw_entries(0, tx.ledger.head().size)
        )
    assert types == ["contact.tried", "trial.ended"]
    assert services.log.differences() == ()
    assert_ledger_verifies(services)


def test_the_first_pack_to_an_untried_contact_is_told_so_and_chased_the_same_day(
    sqlite_broker: Services, clock: Clock
) -> None:
    services = sqlite_broker
    reference = submit(services)
    services.dispatcher.dispatch()
    view = view_of(services.disclosures, services.receipts, reference, NURSE)
    assert view.is_untried
    clock.forward(timedelta(hours=4))
    assert late(services, reference) == [Step.NO_CALL]

    services.trying.send(CONTACT, KEEPER)
    assert late(services, reference) == [Step.NO_CALL]
    services.trying.opened(CONTACT, Programme.ACROBAT, frozenset(), KEEPER.id)

    assert late(services, reference) == []
    clock.forward(timedelta(hours=20))
    assert late(services, reference) == [Step.NO_CALL]


def test_a_contact_that_nobody_has_rung_about_is_not_tried(sqlite_broker: Services) -> None:
    services = sqlite_broker
    services.directory.retire(CONTACT, KEEPER.id)

    with pytest.raises(WrongStateError, match="Ring and check"):
        services.trying.send(CONTACT, KEEPER)


def test_what_is_called_back_is_followed_up_until_they_say_that_it_is_gone(
    sqlite_broker: Services, clock: Clock
) -> None:
    services = sqlite_broker
    early, reference = submit(services), submit(services, "key-00000002")
    assert services.afterwards.recalling.recall(early, NURSE) is State.DECIDED
    services.dispatcher.dispatch()
    services.disclosures.hand_over(reference, NURSE, None)

    assert (
        services.afterwards.recalling.recall(reference, NURSE, None, Cause.WRONG_RECIPIENT)
        is State.TOLD
    )

    (record,) = services.afterwards.breaches.about(reference, NURSE)
    assert (record.kind, record.cause) == (Kind.BREACH, Cause.WRONG_RECIPIENT)
    assert len(list(services.home.pickup.glob("notice-*.eml"))) == 1
    assert "retraction.asked" not in recorded(services, early)
    with pytest.raises(WrongStateError, match="nobody was asked"):
        services.afterwards.recalling.answered(early, NURSE, Answer.DELETED)
    assert late(services, reference) == []
    clock.forward(timedelta(days=2))
    assert late(services, reference) == [Step.NOT_DELETED]
    services.afterwards.recalling.answered(reference, NURSE, Answer.KEPT)
    assert late(services, reference) == [Step.NOT_DELETED]
    assert services.afterwards.chasing.chase() == 1
    services.afterwards.recalling.answered(reference, NURSE, Answer.DELETED)

    assert late(services, reference) == []
    view = view_of(services.disclosures, services.receipts, reference, NURSE)
    assert view.called_back == "deleted"
    assert_ledger_verifies(services)


def test_what_had_opened_is_called_back_and_followed_up_as_well(
    sqlite_broker: Services, clock: Clock
) -> None:
    services = sqlite_broker
    held = with_guardian(services, clock)
    reference = submit(services)
    services.dispatcher.dispatch()
    services.disclosures.hand_over(reference, NURSE, None)
    services.disclosures.acknowledge(reference, NURSE)
    assert services.afterwards.chasing.chase() == 0

    recalling = services.afterwards.recalling
    stood = recalling.recall(reference, NURSE, "The wrong county.", Cause.WRONG_RECIPIENT)

    assert stood is State.ACKNOWLEDGED
    (record,) = services.afterwards.breaches.about(reference, NURSE)
    assert (record.kind, record.cause) == (Kind.BREACH, Cause.WRONG_RECIPIENT)
    with services.transaction() as tx:
        recipient = tx.directory.mailbox(CONTACT).address
    heard = [to for to, said in notices(services) if str(reference) in said]
    assert sorted(heard) == sorted([recipient, held.address])
    assert not any("county" in said for _, said in notices(services))
    clock.forward(timedelta(days=2))
    assert late(services, reference) == [Step.NOT_DELETED]
    assert services.afterwards.chasing.chase() == 1
    recalling.answered(reference, NURSE, Answer.DELETED)
    assert late(services, reference) == []
    assert services.afterwards.chasing.chase() == 0
    assert_ledger_verifies(services)


def test_before_the_words_were_told_a_wrong_recipient_is_a_near_miss_and_one_record(
    sqlite_broker: Services,
) -> None:
    services = sqlite_broker
    reference = submit(services)
    services.dispatcher.dispatch()
    services.afterwards.recalling.recall(
        reference, NURSE, "Sent twice by mistake.", Cause.WRONG_PERSON
    )

    (record,) = services.afterwards.breaches.about(reference, NURSE)
    assert record.kind is Kind.NEAR_MISS


def test_who_told_of_it_before_stopping_it_opens_no_second_record(
    sqlite_broker: Services,
) -> None:
    services = sqlite_broker
    reference = submit(services)
    noticed = Noticed(
        kind=Kind.BREACH,
        cause=Cause.WRONG_PERSON,
        words="It is about somebody else.",
        about=reference,
    )
    first = services.afterwards.breaches.open(noticed, NURSE)

    services.afterwards.recalling.recall(reference, NURSE, None, Cause.WRONG_PERSON)

    assert [one.id for one in services.afterwards.breaches.about(reference, NURSE)] == [first.id]


@pytest.fixture(name="keeper")
def _keeper(sqlite_broker: Services, clock: Clock) -> Visit:
    return signed_in(sqlite_broker, clock, Role.KEEPER)


def test_a_keeper_tries_a_contact_on_its_page(keeper: Visit, sqlite_broker: Services) -> None:
    page = f"/directory/contacts/{CONTACT}/try"
    assert "Send a test letter" in keeper.get(page).text
    assert keeper.send(page, _action="send").headers["Location"] == page
    assert "read these words to them" in keeper.get(page).text
    assert "Select whether it opened" in keeper.send(page).text
    assert "Select in what it opened" in keeper.send(page, end="opened").text
    keeper.send(page, end="opened", programme="edge", filters=["junk"])
    assert "in Microsoft Edge" in keeper.get(page).text
    assert "It lay in the junk folder" in keeper.get(page).text
    keeper.send(page, end="failed")
    assert "It did not open" in keeper.get(page).text
    with sqlite_broker.transaction() as tx:
        trial = tx.trials.find(CONTACT)
    assert trial is not None
    assert trial.end is TrialEnd.FAILED


def test_a_sender_says_on_a_page_what_they_said_of_what_was_called_back(
    sqlite_broker: Services, clock: Clock
) -> None:
    nurse = signed_in(sqlite_broker, clock)
    sender = acting(nurse.held, Role.PRACTITIONER)
    own = sqlite_broker.disclosures.submit(a_submission(sqlite_broker), sender)
    sqlite_broker.dispatcher.dispatch()
    page = f"/referrals/{own}/deleted"
    assert nurse.get(page).status_code == 404
    assert "Ring them today" in nurse.get(f"/referrals/{own}").text
    nurse.get(f"/referrals/{own}/stop")
    nurse.send(f"/referrals/{own}/stop", why="recipient")
    assert "nobody has said that they did" in nurse.get(f"/referrals/{own}").text
    assert "BRE-" in nurse.get(f"/referrals/{own}/wrong").text
    nurse.get(page)
    assert "Select what they said" in nurse.send(page).text
    assert nurse.send(page, answer="deleted").headers["Location"] == f"/referrals/{own}"
    assert "They have deleted it." in nurse.get(f"/referrals/{own}").text
