"""With the gateway's own role in PostgreSQL and no key: every edit that its grants allow.

After each, the gateway works on for a round, and strangers ask for all there is: no word of a pack
goes to anybody who was not to have it, nothing is released that was not, and no key dies.

What comes of an edit can differ from what comes of none only where its table is read. So the round
follows every edit of a table that it, or a gateway that starts, was seen to read, and the asks
those of the tables that they were seen to read; after all edits of any other they come once.
"""

import email
import email.policy
import re
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import count, islice
from pathlib import Path

import pytest
from brokers import NURSE, TEACHER, Clock, settings_for
from homes import Prepared
from hostile_rows import BODY, INTRUDER, edits_of, made, rows_of
from people import Held
from portals import PORTAL
from postgres import Cluster
from referrals import GUARDIAN, QUESTION, deliver, refer, submit
from rich_worlds import at_work
from sqlalchemy import Engine, create_engine, event, text

from audit.errors import LedgerError
from broker.disclosures.afterwards.document import document_of, pack_of
from broker.disclosures.views import view_of
from broker.domain.errors import BrokerError
from broker.domain.model import Person
from broker.domain.references import Reference
from broker.domain.roles import Role
from broker.intake.request_documents import given_answer
from broker.ledger.readings import Entrance
from broker.operations.housekeeping import housekeeping
from broker.storage.grants import RIGHTS, all_tables, grants
from broker.wiring import Services, assemble
from keys import AgencyId, KeyManagementError, PersonId

pytestmark = [pytest.mark.postgresql, pytest.mark.long]
ROLE, TEMPLATE = "broker_walker", "at_work"
REFUSALS = (BrokerError, KeyManagementError, LedgerError)
"""How the gateway refuses, by name; anything else would be a fault of ours."""

EMPTY: Mapping[str, str] = {
    "ledger_tile": "a tile is written once 256 entries fill it",
}
"""The tables that the role may write and of which a broker at work has no row yet, and why."""

CARRY = frozenset({"mailbox", "agency", "disclosure", "case_field", "outbox", "recipient_profile"})
"""The tables that have a say in where a pack goes: for each edit another one is under way."""

STRANGERS = (
    Person(id=PersonId(INTRUDER), agency=AgencyId(BODY), role=NURSE.role),
    replace(GUARDIAN, id=PersonId(INTRUDER), agency=AgencyId(BODY)),
    replace(NURSE, id=PersonId(INTRUDER)),
    TEACHER,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was done in a broker: who signed in, and the disclosures at every turn."""

    prepared: Prepared
    now: datetime
    signed_in: Held
    waits: tuple[Reference, ...]
    gone: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A broker that works with its own role, and who owns its tables.

    It has begun, made a round, and refused strangers, for which it `asked` these tables: for all
    of it, it `read` those.
    """

    services: Services
    owner: Engine
    made: Made
    read: frozenset[str]
    asked: frozenset[str]

    @property
    def references(self) -> tuple[Reference, ...]:
        return (*self.made.waits, *self.made.gone)

    def addressed(self) -> dict[str, str]:
        """Return to whom each mail about a disclosure went, by its reference."""
        found = {}
        for path in self.services.home.pickup.glob("PRV-*.eml"):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            found[path.stem] = str(mail["To"])
        return found

    def roles_held(self) -> frozenset[Role]:
        """Return what whoever is signed in may act as, nothing where they are so no more."""
        try:
            held = self.services.access.sessions.roles(self.made.signed_in.token)
        except REFUSALS:
            return frozenset()
        return frozenset(one.role for one in held)


@pytest.fixture(name="made", scope="module")
def _made(
    cluster: Cluster,
    prepared_on_postgresql: Prepared,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Made]:
    """A broker that did each thing once, by the role that owns its tables: to be copied."""
    cluster.sql(f"CREATE DATABASE {TEMPLATE} TEMPLATE prepared")
    clock, home = Clock(), tmp_path_factory.mktemp("walked") / "home"
    services = _assembled(prepared_on_postgresql, home, clock, cluster.url(TEMPLATE))
    made = _done(services, clock, replace(prepared_on_postgresql, home=home))
    services.close()
    owner = create_engine(cluster.url(TEMPLATE))
    with owner.begin() as connection:
        connection.execute(text(f"CREATE ROLE {ROLE} LOGIN"))
        for statement in grants(ROLE):
            connection.execute(text(statement))
    owner.dispose()
    yield made
    cluster.sql(f"DROP DATABASE {TEMPLATE} WITH (FORCE)")
    cluster.sql(f"DROP ROLE {ROLE}")


def _assembled(prepared: Prepared, home: Path, clock: Clock, url: str) -> Services:
    prepared.copied(home, clock, url).close()
    return assemble(replace(settings_for(home, url), portal_url=PORTAL), clock=clock)


@pytest.fixture(name="world")
def _world(tmp_path: Path, cluster: Cluster, made: Made) -> Generator[World]:
    cluster.sql(f"CREATE DATABASE walked TEMPLATE {TEMPLATE}")
    owner = create_engine(cluster.url("walked"))
    url = cluster.url("walked").replace("postgres@", f"{ROLE}@")
    with tables_read() as read:
        services = _assembled(made.prepared, tmp_path / "home", Clock(made.now), url)
        nothing = frozenset[str]()
        first = World(services=services, owner=owner, made=made, read=nothing, asked=nothing)
        submit(services, "key-first")
        works_on(services)
        assert first.roles_held()
        with tables_read() as asked:
            assert read_by_strangers(services, first.references) == []
    yield replace(first, read=frozenset(read), asked=frozenset(asked))
    services.close()
    owner.dispose()
    cluster.sql("DROP DATABASE walked WITH (FORCE)")


def _done(services: Services, clock: Clock, prepared: Prepared) -> Made:
    signed_in = at_work(services, clock)
    delivered = deliver(services)
    sent = submit(services, "key-00000002")
    services.dispatcher.dispatch()
    referred, asked = refer(services, "key-00000003"), refer(services, "key-00000004")
    services.referrals.ask(asked, GUARDIAN, QUESTION)
    refused = submit(services, "key-00000005", questions__concern__harm="none")
    recalled = submit(services, "key-00000006")
    services.afterwards.recalling.recall(recalled, NURSE)
    return Made(
        prepared=prepared,
        now=clock(),
        signed_in=signed_in,
        waits=(referred, asked, refused, recalled),
        gone=(delivered, sent),
    )


def readings(services: Services, reference: Reference) -> tuple[Callable[[Person], object], ...]:
    return (
        lambda person: view_of(services.disclosures, services.receipts, reference, person),
        lambda person: document_of(services.transaction, reference, person, Entrance.API),
        lambda person: pack_of(services.transaction, reference, person, Entrance.API),
        lambda person: services.referrals.show(reference, person, Entrance.API),
        lambda person: services.disclosures.hand_over(reference, person, "Once more, please."),
    )


def got(act: Callable[[], object]) -> bool:
    """Say whether anything came of it; what is refused by name is nothing."""
    try:
        act()
    except REFUSALS:
        return False
    return True


def read_by_strangers(
    services: Services, references: tuple[Reference, ...]
) -> list[tuple[str, Reference]]:
    """Return who was given anything of what is none of theirs."""
    return [
        (person.id, reference)
        for reference in references
        for person in STRANGERS
        for act in readings(services, reference)
        if got(partial(act, person))
    ]


NAMED = re.compile(r"(?<=FROM )\w+|(?<=JOIN )\w+|(?<=INTO )\w+|(?<=UPDATE )\w+|\w+(?=\.)")
"""Where a statement names a table."""


@contextmanager
def tables_read() -> Generator[set[str]]:
    """Yield the tables that statements name; the ledger's, which pass below them, among them."""
    read = {name for name in TABLES if name.startswith("ledger_")}

    def note(*told: object) -> None:
        read.update(TABLES.keys() & set(re.findall(NAMED, str(told[2]))))

    event.listen(Engine, "before_cursor_execute", note)
    yield read
    event.remove(Engine, "before_cursor_execute", note)


def works_on(services: Services) -> None:
    """Let the gateway do its round, which nothing but a fault of the ledger stops."""
    got(services.dispatcher.dispatch)
    got(partial(services.pages.answer_all, given_answer))
    with suppress(LedgerError):
        housekeeping(services)


TABLES = {table.name: table for table in all_tables()}
WALKED = [name for name in TABLES if RIGHTS.get(name, "SELECT") != "SELECT"]


@pytest.mark.parametrize("name", WALKED)
def test_no_edit_that_the_role_may_make_gives_anybody_a_word(world: World, name: str) -> None:
    table, services = TABLES[name], world.services
    role = services.transaction.database.engine
    to, held = world.addressed(), world.roles_held()
    keys, fields = {*services.keystore.cases()}, {*services.keystore.fields()}
    verbs = RIGHTS[name].split(", ")
    tried, queued = 0, [submit(services, "key-queued")]
    has_rows = bool(rows_of(table, world.owner))

    for number in count():
        if name in CARRY:
            queued.append(submit(services, f"key-queued-{number:06d}"))
        # A round takes rows away and writes others, so an edit is of those that stand now.
        edits = edits_of(table, rows_of(table, world.owner), verbs)
        edit = next(islice(edits, number, None), None)
        if edit is None:
            break
        with made(edit, role, world.owner) as was_let:
            if not was_let:
                continue
            tried += 1
            if name not in world.read:
                continue
            works_on(services)
            asked = (*world.references, queued[-1]) if name in world.asked else ()
            read = read_by_strangers(services, asked)
            gained = world.roles_held() - held
        mails = world.addressed()
        assert read == [], edit
        assert not gained, edit
        assert not {str(one) for one in world.made.waits} & mails.keys(), edit
        assert set(mails.values()) == set(to.values()), edit
        assert keys <= {*services.keystore.cases()}, edit
        assert fields <= {*services.keystore.fields()}, edit

    works_on(services)
    assert read_by_strangers(services, (*world.references, *queued)) == []
    assert world.roles_held() == held
    assert bool(tried) is has_rows is (name not in EMPTY)
    last = submit(services, "key-after-all")
    services.dispatcher.dispatch()
    assert str(last) in world.addressed()
