"""A document is fetched from a page with its token and the code that was told, while it stands."""

from collections.abc import Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from brokers import NURSE, Clock, a_submission
from portals import (
    a_broker_with_portal,
    a_front,
    entered,
    mailed,
    sent,
    token_of,
)
from referrals import assert_ledger_verifies, recorded, submit
from sqlalchemy import Update, select, update

from broker.delivery.courier import Acceptance
from broker.delivery.message import Envelope
from broker.delivery.portal.front import PortalFront
from broker.delivery.ways_out import way_out
from broker.disclosures.afterwards.document import document_of
from broker.disclosures.views import view_of
from broker.domain.errors import ReasonNeededError, UnknownFateError, WrongStateError
from broker.domain.json_values import as_object
from broker.domain.portal.errors import (
    AskRefusedError,
    NotRecordedError,
    PageEndedError,
    PageLockedError,
    UnknownPageError,
    WrongCodeError,
)
from broker.domain.references import Reference
from broker.domain.states import State
from broker.intake.request_documents import given_answer
from broker.ledger.readings import Entrance
from broker.operations.housekeeping import housekeeping
from broker.packs.opening import open_sealed
from broker.storage.rows.portal import portal_page
from broker.wiring import Services
from keys import PersonId

WHY = "The line was cut off before the end of it."
DUTY_OFFICER = "Duty officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Losing:
    """A courier of which nobody knows whether it handed anything over."""

    name: str = "smtp"
    repeatable: bool = False

    def deliver(self, _envelope: Envelope, _message: bytes) -> Acceptance:
        raise UnknownFateError("the connection broke")


@pytest.fixture(name="clock", scope="module")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="services", scope="module")
def _services(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Generator[Services]:
    services = a_broker_with_portal(tmp_path_factory.mktemp("portal") / "home", clock)
    yield services
    services.close()


@pytest.fixture(name="front", scope="module")
def _front(services: Services) -> Generator[PortalFront]:
    front = a_front(services)
    yield front
    front.database.close()


def state_of(services: Services, reference: Reference) -> State:
    with services.transaction() as tx:
        return tx.disclosure(reference).state


def of(reference: Reference) -> Update:
    return update(portal_page).where(portal_page.c.reference == str(reference))


def row_of(services: Services, reference: Reference) -> Mapping[str, Any]:
    with services.transaction() as tx:
        query = select(portal_page).where(portal_page.c.reference == str(reference))
        return dict(tx.connection.execute(query).mappings().one())


def code_for(services: Services, reference: Reference, function: str = DUTY_OFFICER) -> str:
    return services.deliveries.pages.tell_code(reference, NURSE, function, WHY).code


def test_a_document_goes_by_the_page_from_the_mail_to_its_opening(
    services: Services, front: PortalFront
) -> None:
    reference = sent(services)
    token = token_of(services, reference)
    code = services.deliveries.pages.tell_code(reference, NURSE, DUTY_OFFICER).code

    reader = entered(front, token, code.lower())
    document = reader.fetch("first")
    front.reply(reader.page, reader.asker, "answering", "We have it. Thank you.")

    assert document.startswith(b"%PDF")
    assert document == document_of(services.transaction, reference, NURSE, Entrance.PAGE)
    assert state_of(services, reference) is State.ACKNOWLEDGED
    assert services.log.differences() == ()
    assert recorded(services, reference)[-6:-1] == [
        "sent",
        "revealed",
        "conditions.accepted",
        "collected",
        "page.answered",
    ]
    stands = services.deliveries.pages.stands(reference, NURSE)
    assert stands is not None
    assert [one.reader.function for one in stands.readers if one.fetched] == [DUTY_OFFICER]
    (reply,) = services.deliveries.pages.replies(reference, NURSE, Entrance.PAGE)
    assert (reply.function, reply.words) == (DUTY_OFFICER, "We have it. Thank you.")
    view = view_of(services.disclosures, services.receipts, reference, NURSE)
    assert view.way_out is not None
    assert view.way_out.way == "portal"
    assert_ledger_verifies(services)


def test_looking_at_a_page_spends_nothing(services: Services, front: PortalFront) -> None:
    reference = sent(services)
    token = token_of(services, reference)
    before = recorded(services, reference)

    looked_at = [front.page(token) for _ in range(20)]

    assert {page.tries for page in looked_at} == {0}
    assert recorded(services, reference) == before
    with pytest.raises(UnknownPageError):
        front.page(token[:-1] + ("A" if token[-1] != "A" else "B"))


def test_neither_mail_nor_database_says_anything_of_the_person_or_opens_the_page(
    services: Services,
) -> None:
    reference = sent(services)
    token, code = token_of(services, reference), code_for(services, reference)

    assert "Specimen" not in mailed(services, reference)
    row = row_of(services, reference)
    held = b"|".join(
        str(one).encode() + (one if isinstance(one, bytes) else b"") for one in row.values()
    )
    assert token.encode() not in held
    assert code.encode() not in held
    assert b"%PDF" not in held


def test_five_wrong_codes_from_fifty_places_lock_the_page_until_a_code_is_told_again(
    services: Services, front: PortalFront
) -> None:
    reference = sent(services)
    token, code = token_of(services, reference), code_for(services, reference)

    def guess(number: int) -> type[Exception] | None:
        try:
            front.enter(token, f"{number:08d}")
        except (WrongCodeError, PageLockedError) as error:
            return type(error)
        return None

    with ThreadPoolExecutor(max_workers=4) as places:
        said = list(places.map(guess, range(50)))

    assert said.count(WrongCodeError) <= 4
    assert None not in said
    with pytest.raises(PageLockedError) as locked:
        front.enter(token, code)
    assert locked.value.ring.telephone == "01632 960 004"
    stands = services.deliveries.pages.stands(reference, NURSE)
    assert stands is not None
    assert stands.is_locked
    with pytest.raises(ReasonNeededError):
        services.deliveries.pages.tell_code(reference, NURSE, "duty  OFFICER")
    again = code_for(services, reference)
    with pytest.raises(WrongCodeError):
        front.enter(token, code)
    assert entered(front, token, again).asker.reader == 1


def test_a_page_that_was_recalled_gives_nothing_even_if_its_row_is_put_back(
    services: Services, front: PortalFront
) -> None:
    reference = sent(services)
    token, code = token_of(services, reference), code_for(services, reference)
    reader = entered(front, token, code)
    row = row_of(services, reference)

    services.afterwards.recalling.recall(reference, NURSE)

    with pytest.raises(PageEndedError) as ended:
        front.page(token)
    assert ended.value.ring.title == "Safeguarding lead"
    with services.transaction() as tx:
        tx.connection.execute(of(reference).values(**row))
    assert front.page(token).ended is None
    with pytest.raises(PageEndedError):
        reader.fetch("after the recall")
    assert "collected" not in recorded(services, reference)
    with pytest.raises(WrongStateError):
        services.deliveries.pages.tell_code(reference, NURSE, DUTY_OFFICER, WHY)


def test_a_form_that_is_sent_twice_fetches_once_and_three_fetches_are_the_most(
    services: Services, front: PortalFront
) -> None:
    reference = sent(services)
    reader = entered(front, token_of(services, reference), code_for(services, reference))

    assert reader.fetch("one") == reader.fetch("one")
    assert recorded(services, reference).count("collected") == 1
    reader.fetch("two")
    reader.fetch("three")
    with pytest.raises(AskRefusedError):
        reader.fetch("four")
    assert recorded(services, reference).count("collected") == 3


def test_two_readers_of_a_team_fetch_at_once_each_by_their_own_code(
    services: Services, front: PortalFront
) -> None:
    reference = sent(services)
    token = token_of(services, reference)
    codes = [code_for(services, reference, name) for name in (DUTY_OFFICER, "Prevent sergeant")]
    readers = [entered(front, token, code) for code in codes]

    with ThreadPoolExecutor(max_workers=2) as both:
        documents = list(both.map(lambda reader: reader.fetch("same form"), readers))

    assert documents[0] == documents[1]
    stands = services.deliveries.pages.stands(reference, NURSE)
    assert stands is not None
    assert [(one.reader.function, len(one.fetched)) for one in stands.readers] == [
        (DUTY_OFFICER, 1),
        ("Prevent sergeant", 1),
    ]
    assert services.log.differences() == ()
    late = code_for(services, reference, "Team administrator")
    assert state_of(services, reference) is State.ACKNOWLEDGED
    entered(front, token, late).fetch("third reader")


def test_nothing_is_given_while_nobody_records_it(
    services: Services, front: PortalFront, clock: Clock
) -> None:
    reference = sent(services)
    reader = entered(front, token_of(services, reference), code_for(services, reference))
    alone = replace(front, pause=lambda _seconds: None)

    with pytest.raises(NotRecordedError):
        alone.fetch(reader.page, reader.asker, "unheard")
    clock.forward(timedelta(minutes=2))
    services.pages.answer_all(given_answer)
    assert "collected" not in recorded(services, reference)


def test_who_knows_no_code_cannot_say_that_it_was_fetched(
    services: Services, front: PortalFront
) -> None:
    reference = sent(services)
    reader = entered(front, token_of(services, reference), code_for(services, reference))
    forger = replace(reader.asker, secret=bytes(32))

    with pytest.raises(PageEndedError):
        front.fetch(reader.page, forger, "forged")
    assert "collected" not in recorded(services, reference)


def test_after_seven_days_the_page_is_destroyed_and_says_whom_to_ring(
    services: Services, front: PortalFront, clock: Clock
) -> None:
    unused, used = sent(services), sent(services)
    token = token_of(services, unused)
    entered(front, token_of(services, used), code_for(services, used)).fetch("in time")

    clock.forward(timedelta(days=7))
    with pytest.raises(PageEndedError):
        front.page(token)
    housekeeping(services)

    assert state_of(services, unused) is State.EXPIRED
    assert state_of(services, used) is State.ACKNOWLEDGED
    assert services.log.differences() == ()
    assert recorded(services, unused).count("page.expired") == 1
    assert row_of(services, unused)["content"] is None
    assert row_of(services, used)["content"] is None
    with pytest.raises(PageEndedError) as ended:
        front.page(token)
    assert ended.value.ring.telephone
    assert_ledger_verifies(services)


def test_a_page_whose_mail_may_have_gone_ends_with_its_days_too(
    services: Services, clock: Clock
) -> None:
    reference = submit(services, "key-of-a-lost-mail")
    lost = replace(services.dispatcher, courier=Losing())
    lost.dispatch()
    services.deliveries.confirm_arrival(reference, NURSE)

    clock.forward(timedelta(days=7))
    services.pages.end_over()

    assert recorded(services, reference).count("page.expired") == 1
    assert row_of(services, reference)["content"] is None


def test_a_day_that_somebody_brings_forward_ends_no_page(services: Services) -> None:
    reference = sent(services)
    with services.transaction() as tx:
        tx.connection.execute(of(reference).values(expires_at="2020-01-01T00:00:00.000000Z"))

    assert services.pages.end_over() == 0
    assert "page.expired" not in recorded(services, reference)


def test_an_erased_case_takes_its_page_along(services: Services, front: PortalFront) -> None:
    reference = sent(services)
    token = token_of(services, reference)
    services.afterwards.recalling.recall(reference, NURSE)
    with services.transaction() as tx:
        case = tx.disclosure(reference).case

    services.retention.erasures.erase(case, PersonId("p-operator"), "request")

    with pytest.raises(UnknownPageError):
        front.page(token)


def test_whose_mail_is_safe_and_takes_no_encrypted_files_gets_none_either(
    services: Services,
) -> None:
    judge = replace(services.disclosures.judge, mail_from="team@nhs.net", way_is_proved=True)
    with_secure_mail = replace(services.disclosures, judge=judge)

    reference = with_secure_mail.submit(a_submission(services, "key-safe-mail"), NURSE)
    services.dispatcher.dispatch()

    with services.transaction() as tx:
        facts = tx.case_file(tx.disclosure(reference)).facts()
    assert (as_object(facts["sender"])["mail"], as_object(facts["recipient"])["mail"]) == (
        "secure",
        "secure",
    )
    assert token_of(services, reference)  # it would not be there beside an attached file
    assert "takes no encrypted files" in way_out(facts, "permit").reason


def test_without_a_portal_nothing_goes_to_whom_takes_no_encrypted_files(
    services: Services,
) -> None:
    judge = replace(
        services.disclosures.judge,
        mail_from="team@nhs.net",
        way_is_proved=True,
        also_kept=frozenset(),
    )
    without = replace(services.disclosures, judge=judge)

    reference = without.submit(a_submission(services, "key-no-portal"), NURSE)

    assert state_of(services, reference) is State.REFUSED


def test_where_nobody_knows_the_page_gives_the_sealed_document_and_words_follow_it(
    tmp_path: Path, clock: Clock
) -> None:
    services = a_broker_with_portal(tmp_path / "other", clock, accepts_encrypted="unknown")
    front = a_front(services)
    reference = submit(services, questions__danger="imminent")
    services.dispatcher.dispatch()
    with pytest.raises(WrongStateError, match="code of its page first"):
        services.disclosures.hand_over(reference, NURSE, None)
    reader = entered(front, token_of(services, reference), code_for(services, reference))

    sealed = reader.fetch("sealed")
    words = services.disclosures.hand_over(reference, NURSE, None)

    assert not words.revealed_before
    assert open_sealed(sealed, words.passphrase).pdf
    assert state_of(services, reference) is State.TOLD
    services.disclosures.acknowledge(reference, NURSE)
    assert state_of(services, reference) is State.ACKNOWLEDGED
    front.database.close()
    services.close()


def test_without_a_portal_who_takes_no_encrypted_files_is_refused_as_before(
    tmp_path: Path, clock: Clock
) -> None:
    services = a_broker_with_portal(tmp_path / "none", clock)
    judge = replace(services.disclosures.judge, also_kept=frozenset())
    flow = replace(services.disclosures, judge=judge)
    reference = flow.submit(a_submission(services), NURSE)

    assert state_of(services, reference) is State.REFUSED
    services.close()
