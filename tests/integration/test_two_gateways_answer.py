"""Two gateways before one database: two people of a body answer one request at once."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from threading import Barrier

import pytest
from brokers import Clock, settings_for
from callers import Caller, a_caller
from partner_requests import (
    CHAIR,
    NIL,
    OFFICER,
    REQUESTS,
    TRUST_LEAD,
    a_request,
    put,
)
from people import entered

from broker.wiring import Services, assemble
from keys import PersonId

ROUNDS = 3
_numbers = count(1)


@pytest.fixture(name="other")
def _other(services: Services, clock: Clock) -> Generator[Services]:
    """A second gateway before the same database and keystore."""
    settings = settings_for(services.home.path, services.settings.database_url)
    other = assemble(settings, clock=clock)
    yield other
    other.close()


def status_of(caller: Caller, path: str, both: Barrier) -> int:
    both.wait()
    return caller.post(path, NIL).status_code


def test_one_answer_counts_and_the_other_reads_who_answered(
    services: Services, other: Services
) -> None:
    entered(services, "Char Specimen", CHAIR.role, agency=CHAIR.agency, id_=PersonId("p-chair"))
    officer = a_caller(services, OFFICER, OFFICER.role)
    lead = a_caller(services, TRUST_LEAD, TRUST_LEAD.role)
    second = replace(TRUST_LEAD, id=PersonId("p-deputy"))
    deputy = a_caller(other, second, second.role)
    for _ in range(ROUNDS):
        asked = put(officer, a_request(f"Tam Twice {next(_numbers)}")).get_json()["reference"]
        path, both = f"{REQUESTS}/{asked}/copies/2/answer", Barrier(2)

        with ThreadPoolExecutor(2) as pool:
            answers = [pool.submit(status_of, one, path, both) for one in (lead, deputy)]

        assert sorted(one.result() for one in answers) == [200, 409]
        with services.transaction() as tx:
            kinds = [entry.type for entry in tx.ledger.entries_about(asked)]
        assert kinds.count("request.answered") == 1
    assert services.log.differences() == ()
    assert other.log.differences() == ()
