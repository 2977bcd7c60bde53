"""Referrals for tests: what the rules refer, the Guardian, and what they answer."""

from dataclasses import replace
from typing import Any

from brokers import NURSE, a_submission, read_here
from callers import Caller, a_caller
from sqlalchemy import delete, select

from audit.log.verification import verify_database
from broker.domain.grounds import Grounds, Opinion
from broker.domain.judgement import JudgementRequest
from broker.domain.model import Person
from broker.domain.obligations import UPDATE_THE_RECORD
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.guardian.answer import Answer
from broker.storage import tables
from broker.storage.rows.cases import case_member, case_record
from broker.wiring import Services
from keys import PersonId

GUARDIAN = Person(id=PersonId("p-guardian"), agency=NURSE.agency, role=Role.GUARDIAN)
ADMINISTRATOR = PersonId("p-admin")
REFERRED: dict[str, Any] = {
    "questions__agreement_to_share__status": "refused",
    "questions__concern__harm": "serious",
    "questions__public_interest__reason": "Others would come to serious harm.",
}
WEIGHED = {
    "harm-to-the-person": "They may lose trust in the ward.",
    "harm-to-trust": "Others may speak less openly.",
    "harm-to-others": "Friends could be hurt badly, and soon.",
    "good": "The police can look into it in time.",
    "kind": "What was said on the ward; the person minds.",
    "less": "Nothing less lets anybody act.",
    "asked": "They were asked and said no.",
    "conclusion": "The harm to others weighs more.",
}
"""The public interest, where an adult said no."""

APPROVED = Answer(
    verdict="approve",
    reason="Harm outweighs.",
    relation="independent",
    principles=frozenset({7}),
    public_interest=WEIGHED,
)
DEPUTY = replace(GUARDIAN, id=PersonId("p-deputy"))
QUESTION = Grounds(reason="Who else was there?", relation="independent", principles=frozenset({2}))
CONCUR = Opinion(
    view="concur", reason="It was needed.", relation="independent", principles=frozenset({7})
)


def submit(services: Services, key: str = "key-00000001", **changes: Any) -> Reference:
    return services.disclosures.submit(a_submission(services, key, **changes), NURSE)


def refer(services: Services, key: str = "key-00000001", **changes: Any) -> Reference:
    return submit(services, key, **{**REFERRED, **changes})


def guardian_calling(services: Services) -> Caller:
    return a_caller(services, GUARDIAN, Role.GUARDIAN)


def recorded(services: Services, reference: Reference) -> list[str]:
    with services.transaction() as tx:
        return [entry.type for entry in tx.ledger.entries_about(str(reference))]


def assert_ledger_verifies(services: Services) -> None:
    services.checkpoints.keep()
    with services.transaction.database.reading() as connection:
        kept = [one.checkpoint for one in services.checkpoints.store.all()]
        verify_database(connection, kept, services.checkpoints.store.key)
    assert services.log.differences() == ()


def deliver(services: Services, key: str = "key-00000001", **changes: Any) -> Reference:
    """Submit a pack that is permitted, and go with it until its opening is confirmed."""
    reference = submit(services, key, **changes)
    services.dispatcher.dispatch()
    services.disclosures.hand_over(reference, NURSE, None)
    services.disclosures.acknowledge(reference, NURSE)
    return reference


def deliver_and_note(services: Services, key: str = "key-00000001", **changes: Any) -> Reference:
    """Go with a pack until its opening is confirmed and it stands in the sender's own record."""
    reference = deliver(services, key, **changes)
    services.disclosures.finish(reference, NURSE, UPDATE_THE_RECORD)
    return reference


def fields_of(services: Services, reference: Reference) -> set[str]:
    columns = tables.case_field.c
    query = select(columns.name).where(columns.reference == str(reference))
    with services.transaction.database.transaction() as connection:
        return set(connection.scalars(query))


def as_an_earlier_release_left_it(services: Services) -> Reference:
    """A disclosure with its key and its entries, and no case."""
    pack = read_here(services)
    with services.transaction() as tx:
        request = JudgementRequest(pack=pack, person=NURSE, at=services.clock())
        judgement = services.disclosures.judge.judge(tx, request)
        taken = services.disclosures.keep(tx, judgement)
        tx.append(*taken.events[1:])
    with services.transaction.database.transaction() as connection:
        connection.execute(delete(case_member))
        connection.execute(delete(case_record))
    return taken.disclosure.reference
