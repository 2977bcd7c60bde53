"""Whom an earlier release knew by an identifier alone: bound to somebody by an administrator."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from brokers import NURSE, TEACHER, Clock
from forks import Call, called
from people import BODY, FIRST, entered
from referrals import as_an_earlier_release_left_it
from sqlalchemy import insert

from broker.access.tokens import TERMS
from broker.cli import main
from broker.domain.errors import FaultyDocumentError, RowDisagreesError
from broker.domain.model import Person
from broker.domain.people.errors import UnknownPersonError
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.registers.people import NewPerson, NewRole
from broker.storage.rows.cases import case_member
from broker.wiring import Services
from keys import PersonId

MIRA = NewPerson(
    agency=BODY,
    name="Mira Specimen",
    contact="mira.specimen@northshire-trust.example",
    roles=(NewRole(role=Role.PRACTITIONER),),
)
ELSEWHERE = replace(FIRST, id=PersonId("p-elsewhere"), agency=TEACHER.agency)


def adopted(services: Services) -> Reference:
    """What an earlier release left of the nurse's, in a case of which they are the member."""
    reference = as_an_earlier_release_left_it(services)
    assert services.cases.adopt_earlier() == 1
    return reference


def test_who_was_known_by_an_identifier_is_bound_and_works_on_as_a_member(
    sqlite_broker: Services,
) -> None:
    reference = adopted(sqlite_broker)
    formerly = sqlite_broker.access.formerly
    assert formerly.nameless(FIRST) == (NURSE.id,)

    assert formerly.bind(NURSE.id, MIRA, FIRST) == NURSE.id

    record = sqlite_broker.access.people.record(NURSE.id)
    assert record is not None
    assert record.name == "Mira Specimen"
    assert sqlite_broker.cases.show(NURSE, str(reference)).references == (reference,)
    assert formerly.nameless(FIRST) == ()
    with sqlite_broker.transaction() as tx:
        *_, entry, role = tx.ledger.entries()
    assert (entry.type, entry.event["person"]) == ("person.changed", NURSE.id)
    assert (entry.event["what"], entry.event["by"]) == ("bound", FIRST.id)
    assert role.type == "role.granted"


def test_no_identifier_is_bound_that_is_nobody_s_or_somebody_s_or_another_body_s(
    sqlite_broker: Services,
) -> None:
    adopted(sqlite_broker)
    formerly = sqlite_broker.access.formerly
    taken = entered(sqlite_broker, "Tam Specimen")
    theirs = replace(MIRA, agency=ELSEWHERE.agency)

    assert formerly.nameless(ELSEWHERE) == ()
    for former, new, by in (
        (PersonId("p-nobody"), MIRA, FIRST),
        (taken, MIRA, FIRST),
        (NURSE.id, theirs, ELSEWHERE),
    ):
        with pytest.raises(UnknownPersonError):
            formerly.bind(former, new, by)
    with pytest.raises(FaultyDocumentError, match="is not your body"):
        formerly.bind(NURSE.id, theirs, FIRST)
    formerly.bind(NURSE.id, MIRA, FIRST)
    with pytest.raises(UnknownPersonError):
        formerly.bind(NURSE.id, MIRA, FIRST)


def test_a_member_whom_somebody_wrote_into_the_database_is_bound_to_nobody(
    sqlite_broker: Services,
) -> None:
    adopted(sqlite_broker)
    with sqlite_broker.transaction.database.transaction() as connection:
        row = connection.execute(case_member.select()).mappings().one()
        connection.execute(insert(case_member).values({**row, "person": "p-made-up"}))

    with pytest.raises(RowDisagreesError):
        sqlite_broker.access.formerly.bind(PersonId("p-made-up"), MIRA, FIRST)


def test_an_administrator_sees_and_binds_them_on_the_command_line(
    sqlite_broker: Services, clock: Clock, tmp_path: Path
) -> None:
    clock.now = datetime.now(UTC)  # a command reads the clock of the machine
    adopted(sqlite_broker)
    name, contact = tmp_path / "name", tmp_path / "contact"
    name.write_text(MIRA.name)
    contact.write_text(MIRA.contact)
    who = ("--name-file", str(name), "--contact-file", str(contact))

    listed = run(sqlite_broker, FIRST, "people", "list")
    bound = run(sqlite_broker, FIRST, "people", "bind", NURSE.id, "--role", "practitioner", *who)
    again = run(sqlite_broker, FIRST, "people", "bind", NURSE.id, "--role", "practitioner", *who)
    after = json.loads(run(sqlite_broker, FIRST, "people", "list", "--json")[1])
    refused = run(sqlite_broker, NURSE, "people", "bind", NURSE.id, "--role", "lead", *who)

    assert "Known from before, without a name." in listed[1]
    assert NURSE.id in listed[1]
    assert bound[0] == 0, bound[2]
    assert again[0] != 0
    assert after["nameless"] == []
    assert [(one["id"], one["name"]) for one in after["people"]] == [(NURSE.id, MIRA.name)]
    assert refused[0] != 0


def run(services: Services, person: Person, *arguments: str) -> tuple[int, str, str]:
    """Call `broker` as somebody whose token lies in the home."""
    home = services.home.path
    token = home / f"token-of-{person.id}"
    token.write_text(services.tokens.signed(person, TERMS))
    token.chmod(0o600)
    environment = {**os.environ, "BROKER_HOME": str(home), "BROKER_TOKEN_FILE": str(token)}
    return called(main, Call(arguments=arguments, typed="", folder=home, environment=environment))
