"""Machines of partners: who registers them, what ends them at once, and each proof once."""

import json
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from broker_client import Refused, public_jwk
from brokers import TEACHER, Clock
from callers import a_caller
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from gateways import gateway
from homes import Prepared
from machines import (
    FIRST,
    WORKS_AS,
    Machine,
    a_machine,
    second_administrator,
)
from packs import a_pack
from partner_requests import CHAIR, OFFICER, REQUESTS, a_request
from people import BODY, SECOND, entered
from sqlalchemy import update

from broker.access.machines.words.telling import word_for
from broker.domain.errors import FaultyDocumentError, WrongStateError
from broker.domain.machines.clients import ClientId
from broker.domain.machines.errors import ReplaysUnavailableError, UnknownClientError
from broker.domain.model import Person
from broker.domain.people.errors import TwoPeopleNeededError
from broker.domain.roles import Role
from broker.registers.machines.clients import LONGEST_KEYS, NewClient
from broker.storage.rows.machines.clients import client_key
from broker.wiring import Services, assemble
from keys import Algorithm, KeyId
from keys.encoding import base64url


@pytest.fixture(name="shared", scope="module")
def _shared(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[Services, Person]]:
    clock = Clock()
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("machines") / "home", clock)
    with services.keystore.session():
        yield services, second_administrator(services, clock)
    services.close()


def new(name: str, *keys: dict[str, Any], **changes: Any) -> NewClient:
    made = keys or (public_jwk(Ed25519PrivateKey.generate()),)
    usual: dict[str, Any] = {
        "algorithm": Algorithm.EDDSA,
        "roles": WORKS_AS,
        "names_people": False,
        **changes,
    }
    return NewClient(id=ClientId(name), keys=made, **usual)


def places_at_fault(services: Services, wanted: NewClient) -> list[str]:
    with pytest.raises(FaultyDocumentError) as refused:
        services.access.machines.clients.register(wanted, FIRST)
    return [fault.place for fault in refused.value.faults]


def rsa_jwk(bits: int) -> dict[str, Any]:
    numbers = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    n = numbers.public_numbers().n
    return {"kty": "RSA", "n": base64url(n.to_bytes(bits // 8, "big")), "e": "AQAB"}


def test_a_key_counts_once_a_second_person_with_an_account_says_so(
    shared: tuple[Services, Person],
) -> None:
    services, second = shared
    clients = services.access.machines.clients
    machine = Machine(services, gateway(services).test_client(), ClientId("c-waiting"))
    clients.register(new("c-waiting", public_jwk(machine.key)), FIRST)

    assert machine.ask().status_code == 401
    for alone in (FIRST, SECOND):
        with pytest.raises(TwoPeopleNeededError):
            clients.confirm(machine.id, machine.kid, alone)
    clients.confirm(machine.id, machine.kid, second)
    assert machine.ask().status_code == 200
    with pytest.raises(WrongStateError):
        clients.confirm(machine.id, machine.kid, second)


def test_what_cannot_be_registered_is_named_all_at_once(shared: tuple[Services, Person]) -> None:
    services, _ = shared
    own = public_jwk(Ed25519PrivateKey.generate())
    secret = {**own, "d": "A" * 43}
    taken = services.access.machines.clients.register(new("c-taken", own), FIRST)

    assert places_at_fault(services, new("c-taken", secret, roles=frozenset({Role.GUARDIAN}))) == [
        "client",
        "keys[0]",
        "roles",
    ]
    assert places_at_fault(services, new("c-none", roles=frozenset())) == ["roles"]
    assert places_at_fault(services, new("c-again", own)) == ["keys[0]"]
    assert places_at_fault(services, replace(new("c-empty"), keys=())) == ["keys"]
    twice = public_jwk(Ed25519PrivateKey.generate())
    assert places_at_fault(services, new("c-twice", twice, twice)) == ["keys"]
    short = new("c-short", rsa_jwk(1024), algorithm=Algorithm.RS512)
    assert places_at_fault(services, short) == ["keys[0]"]
    assert taken.client.roles == WORKS_AS


def test_a_machine_of_another_body_is_as_if_it_were_not_there(
    shared: tuple[Services, Person],
) -> None:
    services, second = shared
    clients = services.access.machines.clients
    listed = clients.register(new("c-ours"), FIRST)
    elsewhere = replace(TEACHER, role=Role.ADMINISTRATOR)
    key = listed.keys[0].id

    with pytest.raises(UnknownClientError):
        clients.confirm(ClientId("c-ours"), key, elsewhere)
    with pytest.raises(UnknownClientError):
        clients.remove_key(ClientId("c-ours"), KeyId("K" * 43), second)
    with pytest.raises(UnknownClientError):
        clients.disable(ClientId("c-nobody"), FIRST)
    assert clients.listed(elsewhere) == ()
    assert "c-ours" in {one.client.id for one in clients.listed(FIRST)}


def test_a_removed_key_ends_its_tokens_at_once_and_another_key_goes_on(
    services: Services, clock: Clock
) -> None:
    second = second_administrator(services, clock)
    machine = a_machine(services, second, ClientId("c-rotating"))
    token = machine.token()
    later = replace(machine, key=Ed25519PrivateKey.generate())
    clients = services.access.machines.clients
    clients.add_key(machine.id, public_jwk(later.key), FIRST)
    clients.confirm(machine.id, later.kid, second)
    assert machine.call(token, machine.proof_of(token)).status_code == 200

    clients.remove_key(machine.id, machine.kid, FIRST)

    assert machine.call(token, machine.proof_of(token)).status_code == 401
    assert machine.ask().status_code == 401
    assert later.ask().status_code == 200
    with pytest.raises(WrongStateError):
        clients.remove_key(machine.id, machine.kid, FIRST)
    with pytest.raises(WrongStateError):
        clients.confirm(machine.id, machine.kid, second)
    with pytest.raises(FaultyDocumentError):
        clients.add_key(machine.id, public_jwk(machine.key), FIRST)


def test_a_client_has_a_few_keys_at_once(shared: tuple[Services, Person]) -> None:
    services, _ = shared
    clients = services.access.machines.clients
    clients.register(new("c-many"), FIRST)
    for _ in range(LONGEST_KEYS - 1):
        clients.add_key(ClientId("c-many"), public_jwk(Ed25519PrivateKey.generate()), FIRST)

    with pytest.raises(WrongStateError):
        clients.add_key(ClientId("c-many"), public_jwk(Ed25519PrivateKey.generate()), FIRST)


def test_a_disabled_client_is_refused_though_its_token_lives(
    shared: tuple[Services, Person],
) -> None:
    services, second = shared
    machine = a_machine(services, second, ClientId("c-disabled"))
    token, clients = machine.token(), services.access.machines.clients

    clients.disable(machine.id, FIRST)

    assert machine.call(token, machine.proof_of(token)).status_code == 401
    assert machine.ask().status_code == 401
    with pytest.raises(WrongStateError):
        clients.disable(machine.id, FIRST)
    clients.enable(machine.id, FIRST)
    assert machine.call(token, machine.proof_of(token)).status_code == 200


def test_a_client_that_names_people_works_for_those_who_hold_the_role_today(
    shared: tuple[Services, Person],
) -> None:
    services, second = shared
    machine = a_machine(services, second, ClientId("c-naming"), names_people=True)
    nurse = entered(services, "Nia Specimen", Role.PRACTITIONER)
    teacher = entered(services, "Tess Specimen", agency=TEACHER.agency)
    token = machine.token(person=nurse)

    assert machine.call(token, machine.proof_of(token)).status_code == 200
    for person, role in ((nurse, "lead"), (teacher, "practitioner"), ("p-none", "practitioner")):
        assert machine.ask(person=person, scope=role).status_code == 400
    services.access.people.disable(nurse, replace(FIRST, agency=BODY))
    assert machine.call(token, machine.proof_of(token)).status_code == 401


def test_a_reading_by_a_machine_names_the_machine_and_the_person(
    shared: tuple[Services, Person],
) -> None:
    services, second = shared
    machine = a_machine(services, second, ClientId("c-reading"), names_people=True)
    nurse = entered(services, "Nora Specimen", Role.PRACTITIONER)
    program = machine.program(person=nurse)

    reference = program.submit(a_pack())["reference"]
    program.call("GET", f"/api/v1/disclosures/{reference}/questions")

    with services.transaction() as tx:
        read = [entry.event for entry in tx.ledger.entries_about(reference)][-1]
    assert (read["type"], read["by"], read["client"]) == ("read", nurse, "c-reading")


def test_the_example_client_submits_once_however_often_it_tries(
    shared: tuple[Services, Person],
) -> None:
    services, second = shared
    program = a_machine(services, second, ClientId("c-case-system")).program()
    pack = a_pack(again="Sent once more, by a machine.")

    first, again = program.submit(pack), program.submit(pack)

    assert first["reference"] == again["reference"]
    assert program.standing(first["reference"])["state"] == first["state"]
    with pytest.raises(Refused) as refused:
        program.submit({**pack, "pack": "referral-pack/1"})
    assert (refused.value.status, refused.value.word) == (422, "faulty-document")


def test_a_case_system_is_asked_and_answers_and_its_answer_is_confirmed(
    shared: tuple[Services, Person],
) -> None:
    services, second = shared
    entered(services, "Cora Specimen", Role.CHAIR, agency=CHAIR.agency, id_=CHAIR.id)
    machine = a_machine(services, second, ClientId("c-answers"))
    officer, lead = a_caller(services, OFFICER, Role.POLICE), machine.program("lead")
    key = {"Idempotency-Key": "key-of-a-request"}
    reference = json.loads(officer.post(REQUESTS, a_request(), **key).get_data())["reference"]

    (waiting,) = lead.requests()["to_answer"]
    asks = [ask["field"] for ask in lead.copy(waiting["copy"])["asks"]]
    nothing = {"answer": "request-answer/1", "held": "no"}
    (answered,) = lead.copy(waiting["copy"], "answer", nothing)["copies"]
    number = waiting["copy"].partition(".")[2]
    closed = officer.post(f"{REQUESTS}/{reference}/copies/{number}/closing")

    assert asks
    assert (answered["state"], answered["answer"]) == ("answered", "nil")
    assert (answered["answered_by"], closed.status_code) == ("c-answers", 200)
    with services.transaction() as tx:
        about = tx.ledger.entries_about(reference)
        client = tx.clients.find(ClientId("c-answers"))
        assert client is not None
        told = [word_for(tx, client, entry) for entry in about]
    assert [(word.type, word.copy) for word in told if word is not None] == [
        ("request.closed", int(number))
    ]


def test_a_key_that_somebody_put_into_the_database_opens_nothing(
    services: Services, clock: Clock
) -> None:
    machine = a_machine(services, second_administrator(services, clock))
    forged = replace(machine, key=Ed25519PrivateKey.generate())
    with services.transaction.database.transaction() as connection:
        connection.execute(update(client_key).values(id=forged.kid, jwk=str(forged.kid)))

    assert forged.ask().status_code == 409
    assert machine.ask().status_code == 409


def test_where_proofs_cannot_be_remembered_nobody_is_let_in(
    services: Services, clock: Clock
) -> None:
    machine = a_machine(services, second_administrator(services, clock))
    token = machine.token()
    with services.keystore.session():
        broken = assemble(services.settings, clock=clock)
    store = broken.access.machines.access.replays.store
    if services.transaction.database.path is None:
        broken.transaction.database.engine.dispose()
        with broken.transaction.database.transaction() as connection:
            connection.exec_driver_sql("DROP TABLE seen_proof")
    else:
        path = services.settings.home / "proofs.db"
        path.unlink()
        path.mkdir()

    with pytest.raises(ReplaysUnavailableError):
        store.use("mark", 2.0, 1.0)
    assert machine.call(token, machine.proof_of(token)).status_code == 503
    broken.close()


@pytest.mark.parametrize("times", [40])
def test_of_many_uses_of_one_proof_at_once_on_two_gateways_one_is_accepted(
    services: Services, clock: Clock, times: int
) -> None:
    machine = a_machine(services, second_administrator(services, clock))
    other = assemble(services.settings, clock=clock)
    token = machine.token()
    proof = machine.proof_of(token)
    gateways = [gateway(one).test_client for one in (services, other)]

    def use(number: int) -> int:
        caller = replace(machine, client=gateways[number % 2]())
        return caller.call(token, proof).status_code

    with ThreadPoolExecutor(max_workers=16) as pool:
        answers = sorted(pool.map(use, range(times)))

    other.close()
    assert answers == [200, *([401] * (times - 1))]


@pytest.mark.parametrize("times", [40])
def test_of_many_uses_of_one_assertion_at_once_on_two_gateways_one_gets_a_token(
    services: Services, clock: Clock, times: int
) -> None:
    machine = a_machine(services, second_administrator(services, clock))
    other = assemble(services.settings, clock=clock)
    assertion = machine.assertion()
    gateways = [gateway(one).test_client for one in (services, other)]

    def ask(number: int) -> int:
        return replace(machine, client=gateways[number % 2]()).ask(assertion).status_code

    with ThreadPoolExecutor(max_workers=16) as pool:
        answers = sorted(pool.map(ask, range(times)))

    other.close()
    assert answers == [200, *([401] * (times - 1))]


def test_a_machine_that_fails_sixty_times_waits_and_nobody_else_does(
    sqlite_broker: Services, clock: Clock
) -> None:
    by = second_administrator(sqlite_broker, clock)
    machine = a_machine(sqlite_broker, by)
    other = a_machine(sqlite_broker, by, id_=ClientId("c-others"))
    elsewhere = "https://somebody-else.example"

    in_vain = [machine.ask(machine.assertion(aud=elsewhere)).status_code for _ in range(60)]
    told_to_wait = machine.ask(machine.assertion(aud=elsewhere))

    assert set(in_vain) == {401}
    assert told_to_wait.status_code == 429
    assert told_to_wait.headers["Retry-After"] == "60"
    assert other.ask(other.assertion(aud=elsewhere)).status_code == 401
    assert other.ask().status_code == 200
    assert machine.ask().status_code == 200
    clock.forward(timedelta(seconds=61))
    assert machine.ask(machine.assertion(aud=elsewhere)).status_code == 401


def test_a_mark_is_forgotten_once_its_proof_counts_no_more(
    services: Services, clock: Clock
) -> None:
    replays = services.access.machines.access.replays
    now = clock()
    replays.use("proof", "somebody", "serial", now + timedelta(seconds=60))
    clock.forward(timedelta(seconds=61))

    replays.use("proof", "somebody", "serial", clock() + timedelta(seconds=60))

    assert replays.store.use("another", 1.0, 0.0)
