"""Rows that give power, edited past the broker: none is believed, whoever can write the database.

Each is tried on both databases: put in, changed, copied, swapped, taken away, and put back as it
truly once was.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from brokers import Clock
from people import FIRST, PASSWORD, Held, cheaply, entered, opened, with_account
from sqlalchemy import Table, delete, insert, select, update

from broker.domain.errors import RowDisagreesError
from broker.domain.people.errors import InvitationSpentError, NotSignedInError, RowDoubtedError
from broker.domain.roles import Role
from broker.registers.people import NewRole
from broker.storage.rows.accounts import account, invitation, passkey, recovery
from broker.storage.rows.people import person, person_role
from broker.storage.rows.sessions import high_water, session
from broker.wiring import Services

Row = Mapping[str, Any]
NEW_PASSWORD = "lantern orchard velvet tram"


def rows(services: Services, table: Table) -> list[dict[str, Any]]:
    with services.transaction.database.transaction() as connection:
        found = connection.execute(select(table)).mappings().all()
        return [{str(name): value for name, value in row.items()} for row in found]


def put_in(services: Services, table: Table, row: Row) -> None:
    with services.transaction.database.transaction() as connection:
        connection.execute(insert(table).values(dict(row)))


def put_back(services: Services, table: Table, row: Row) -> None:
    (column,) = table.primary_key.columns
    with services.transaction.database.transaction() as connection:
        connection.execute(update(table).where(column == row[column.name]).values(dict(row)))


def change(services: Services, table: Table, **values: object) -> None:
    with services.transaction.database.transaction() as connection:
        assert connection.execute(update(table).values(**values)).rowcount


def take_away(services: Services, table: Table) -> None:
    with services.transaction.database.transaction() as connection:
        assert connection.execute(delete(table)).rowcount


def role_put_in(services: Services, held: Held, _: Clock) -> None:
    (row,) = rows(services, person_role)
    put_in(services, person_role, {**row, "id": "r-forged", "role": Role.GUARDIAN.value})
    services.access.sessions.roles(held.token)


def role_changed(services: Services, held: Held, _: Clock) -> None:
    change(services, person_role, role=Role.GUARDIAN.value)
    services.access.sessions.caller(held.token)


def role_copied(services: Services, held: Held, _: Clock) -> None:
    other = entered(services, "Otto Sample", Role.LEAD)
    row = next(row for row in rows(services, person_role) if row["person"] == other)
    put_in(services, person_role, {**row, "id": "r-copied", "person": held.person})
    services.access.sessions.roles(held.token)


def role_put_back(services: Services, held: Held, _: Clock) -> None:
    lead = services.access.people.grant(held.person, NewRole(role=Role.LEAD), FIRST)
    row = next(row for row in rows(services, person_role) if row["id"] == lead.id)
    services.access.people.end(lead.id, FIRST)
    put_back(services, person_role, row)
    services.access.sessions.roles(held.token)


def confirmation_put_in(services: Services, held: Held, _: Clock) -> None:
    guardian = services.access.people.grant(held.person, NewRole(role=Role.GUARDIAN), FIRST)
    row = next(row for row in rows(services, person_role) if row["id"] == guardian.id)
    put_back(services, person_role, {**row, "confirmed_by": "p-somebody"})
    services.access.sessions.roles(held.token)


def person_put_back(services: Services, held: Held, clock: Clock) -> None:
    (row,) = rows(services, person)
    services.access.people.disable(held.person, FIRST)
    put_back(services, person, row)
    cheaply(services).sign_in.sign_in(held.address, PASSWORD, held.code(clock))


def person_taken_away(services: Services, held: Held, clock: Clock) -> None:
    services.access.people.disable(held.person, FIRST)
    with services.transaction.database.transaction() as connection:
        connection.execute(delete(person_role))
    take_away(services, person)
    cheaply(services).sign_in.sign_in(held.address, PASSWORD, held.code(clock))


def hash_put_in(services: Services, held: Held, clock: Clock) -> None:
    known = cheaply(services).accounts.passwords.hash(NEW_PASSWORD)
    change(services, account, password=known)
    cheaply(services).sign_in.sign_in(held.address, NEW_PASSWORD, held.code(clock))


def hash_put_back(services: Services, held: Held, clock: Clock) -> None:
    (row,) = rows(services, account)
    cheaply(services).accounts.change_password(held.token, PASSWORD, NEW_PASSWORD)
    put_back(services, account, row)
    cheaply(services).sign_in.sign_in(held.address, PASSWORD, held.code(clock))


def hash_swapped(services: Services, held: Held, clock: Clock) -> None:
    other = with_account(services, clock, "Otto Sample")
    hashes = {row["person"]: row["password"] for row in rows(services, account)}
    (column,) = account.primary_key.columns
    with services.transaction.database.transaction() as connection:
        connection.execute(
            update(account).where(column == held.person).values(password=hashes[other.person])
        )
    cheaply(services).sign_in.sign_in(held.address, PASSWORD, held.code(clock))


def account_put_in(services: Services, _: Held, clock: Clock) -> None:
    other = entered(services, "Otto Sample")
    (row,) = rows(services, account)
    put_in(services, account, {**row, "person": other, "sign_in": bytes(32)})
    services.access.accounts.has_account(other)
    del clock


def passkey_put_in(services: Services, held: Held, _: Clock) -> None:
    forged = {
        "digest": "0" * 64,
        "credential": b"credential",
        "person": held.person,
        "public_key": b"key",
        "removed_on": None,
        "version": 1,
    }
    put_in(services, passkey, forged)
    services.access.passkeys.listed(held.token)


def recovery_put_in(services: Services, held: Held, _: Clock) -> None:
    at = "2026-03-16T12:00:00.000000Z"
    put_in(
        services,
        recovery,
        {"person": held.person, "asked_by": "p-one", "asked_at": at, "version": 1},
    )
    services.access.accounts.confirm_recovery(held.person, FIRST)


@pytest.mark.parametrize(
    "attack",
    [
        role_put_in,
        role_changed,
        role_copied,
        role_put_back,
        confirmation_put_in,
        person_put_back,
        person_taken_away,
        hash_put_in,
        hash_put_back,
        hash_swapped,
        account_put_in,
        passkey_put_in,
        recovery_put_in,
    ],
    ids=lambda attack: attack.__name__,
)
def test_a_row_that_the_ledger_does_not_vouch_for_is_refused_by_its_name(
    services: Services, clock: Clock, attack: Callable[[Services, Held, Clock], None]
) -> None:
    held = with_account(services, clock)

    with pytest.raises(RowDisagreesError):
        attack(services, held, clock)


def test_a_link_that_was_put_in_or_put_back_opens_nothing(
    services: Services, clock: Clock
) -> None:
    access = cheaply(services)
    secret = access.accounts.invite(entered(services), FIRST)
    (row,) = rows(services, invitation)
    opened(access, secret, clock)

    put_back(services, invitation, row)
    with pytest.raises(InvitationSpentError):
        access.accounts.welcome(secret)

    change(services, invitation, account_version=1)
    with pytest.raises(RowDisagreesError):
        access.accounts.welcome(secret)


def session_changed(services: Services, held: Held, _: Clock) -> str:
    change(services, session, seen_at="2026-03-16T13:00:00.000000Z")
    return held.token


def session_of_another(services: Services, held: Held, clock: Clock) -> str:
    other = with_account(services, clock, "Otto Sample", Role.LEAD)
    theirs = next(row for row in rows(services, session) if row["person"] == other.person)
    own = next(row for row in rows(services, session) if row["person"] == held.person)
    put_back(services, session, {**theirs, "digest": own["digest"]})
    return held.token


def session_signed_out_and_put_back(services: Services, held: Held, _: Clock) -> str:
    (row,) = rows(services, session)
    services.access.sessions.end(held.token)
    put_in(services, session, row)
    return held.token


def session_prolonged(services: Services, held: Held, clock: Clock) -> str:
    (row,) = rows(services, session)
    clock.forward(timedelta(minutes=16))
    put_back(services, session, {**row, "seen_at": "2026-03-16T12:17:00.000000Z"})
    return held.token


@pytest.mark.parametrize(
    "attack",
    [session_changed, session_of_another, session_signed_out_and_put_back, session_prolonged],
    ids=lambda attack: attack.__name__,
)
def test_a_session_that_was_changed_copied_or_put_back_signs_nobody_in(
    services: Services, clock: Clock, attack: Callable[[Services, Held, Clock], str]
) -> None:
    token = attack(services, with_account(services, clock), clock)

    with pytest.raises(NotSignedInError):
        services.access.sessions.of(token)


def test_what_was_used_up_is_not_believed_to_be_unused(services: Services, clock: Clock) -> None:
    access, held = cheaply(services), with_account(services, clock)

    change(services, high_water, value=0)

    with pytest.raises(RowDoubtedError):
        access.sign_in.sign_in(held.address, PASSWORD, held.code(clock))


def test_no_name_address_or_secret_stands_in_a_row_of_its_own(
    services: Services, clock: Clock
) -> None:
    held = with_account(services, clock)

    tables = (person, person_role, account, invitation, session, high_water)
    stored = [value for table in tables for row in rows(services, table) for value in row.values()]

    kept = b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in stored)
    for secret in (b"Mira", b"Specimen", held.address.encode(), held.app, held.token.encode()):
        assert secret.lower() not in kept.lower()
