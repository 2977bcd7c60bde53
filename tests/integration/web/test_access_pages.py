"""The rows of the pages in the table of who may do what, each tried by real calls.

Of each page: nobody without a session, a role that may and one that may not; each role in turn.
"""

import re
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from brokers import Clock, a_submission
from concerns import FORM, WORRY
from gateways import gateway
from homes import Prepared
from people import BODY, FIRST, SECOND, cheaply, entered, opened

from broker.access.table import Row, Standing, pages
from broker.domain.model import Person
from broker.domain.people.people import RoleId
from broker.domain.roles import GIVEN_BY_TWO, Role
from broker.registers.people import NewRole
from broker.web import csrf
from broker.web.cookies import PLAIN
from broker.wiring import Services
from keys import AgencyId, PersonId

WORN = tuple(role for role in Role if role is not Role.CLIENT)
"""Every role that a person acts in; a machine has no session."""

PLACES = {
    "<duty>": "tell-the-person",
    "<kind>": "share",
    "<page:name>": "seen",
    "<form>": "vtr",
    "<path:path>": "nothing.css",
    "<any(cy):language>": "cy",
}
"""What stands in an address where it is about no case."""

ROWS = list(pages().values())


@dataclass(frozen=True)
class Answered:
    """What came back, and where it leads; but for what was asked for and the request's number."""

    status: int
    leads_to: str
    body: str


@dataclass(frozen=True)
class World:
    services: Services
    names: dict[str, str]
    people: dict[Standing, PersonId]
    call: Callable[[str, str | None, dict[str, str]], Answered]
    sessions: dict[tuple[Standing, Role], str] = field(default_factory=dict)

    def session(self, standing: Standing, role: Role) -> str:
        """The session of somebody who stands so to the case and acts in a role of theirs."""
        if (standing, role) not in self.sessions:
            self.sessions[standing, role] = self.begun(standing, role)
        return self.sessions[standing, role]

    def begun(self, standing: Standing, role: Role | None = None) -> str:
        """Sign somebody in, who acts in no role before they have chosen one."""
        person, sessions = self.people[standing], self.services.access.sessions
        with self.services.transaction() as tx:
            account = tx.accounts.of_person(person)
            assert account is not None
            token = sessions.begin(tx, person, account.version)
            held = {one.role: one.id for one in tx.people.roles_of(person)}
        return token if role is None else sessions.choose(token, RoleId(held[role]))


def an_account(services: Services, clock: Clock, name: str, agency: AgencyId) -> PersonId:
    """Somebody with every role that a person can have in their body."""
    access, (first, second) = cheaply(services), administrators_of(services, clock, agency)
    one_gives = tuple(role for role in WORN if role not in GIVEN_BY_TWO)
    person = entered(services, name, *one_gives, agency=agency)
    for role in sorted(GIVEN_BY_TWO):
        given = access.people.grant(person, NewRole(role=role), first)
        access.people.confirm(given.id, second)
    opened(access, access.accounts.invite(person, first), clock)
    clock.forward(timedelta(minutes=1))
    return person


def administrators_of(services: Services, clock: Clock, agency: AgencyId) -> list[Person]:
    """Two people of a body, each with an account, who give roles."""
    access = cheaply(services)
    both = [replace(one, id=PersonId(f"{one.id}-{agency}"), agency=agency) for one in TWO]
    for number, one in enumerate(both):
        if access.people.record(one.id) is None:
            entered(services, f"Ada Sample {number}", agency=agency, id_=one.id)
            opened(access, access.accounts.invite(one.id, both[0]), clock)
    return both


TWO = (FIRST, SECOND)


@pytest.fixture(name="world", scope="module")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[World]:
    """A broker with one disclosure and one draft of somebody's who has every role."""
    clock = Clock()
    services = prepared_on_sqlite.copied(tmp_path_factory.mktemp("pages") / "home", clock)
    reports = replace(services.concerns.reports, body=BODY)
    services = replace(services, concerns=replace(services.concerns, reports=reports))
    people = {
        Standing.OWN: an_account(services, clock, "Own Specimen", BODY),
        Standing.BODY: an_account(services, clock, "Body Specimen", BODY),
        Standing.OTHER: an_account(services, clock, "Other Specimen", AgencyId("example-school")),
    }
    owner = Person(id=people[Standing.OWN], agency=BODY, role=Role.PRACTITIONER)
    reference = services.disclosures.submit(a_submission(services), owner)
    services.afterwards.recalling.recall(reference, owner)
    draft = services.concerns.drafts.begin(owner, FORM, WORRY).row.id
    client = gateway(services).test_client(use_cookies=False)

    def call(route: str, token: str | None, names: dict[str, str]) -> Answered:
        method, path = route.split(" ")
        for place, name in {**PLACES, **names}.items():
            path = path.replace(place, name)
        path = re.sub(r"<[^>]+>", "0", path)
        cookie = {} if token is None else {"Cookie": f"{PLAIN.session}={token}"}
        form = {} if token is None else {"_csrf": csrf.token_for(token)}
        kept = form if method == "POST" else None
        answer = client.open(path, method=method, headers=cookie, data=kept)
        body = answer.get_data(as_text=True).replace(answer.headers["X-Request-Id"], "REQUEST")
        leads_to = answer.headers.get("Location", "")
        for place, name in names.items():
            body, leads_to = body.replace(name, place), leads_to.replace(name, place)
        return Answered(answer.status_code, leads_to, body)

    names = {"<reference>": str(reference), "<draft>": draft, "<other>": str(reference)}
    yield World(services=services, names=names, people=people, call=call)
    services.close()


def lets_in(world: World, row: Row, roles: Iterable[Role]) -> None:
    for role in roles:
        answer = world.call(row.call, world.session(Standing.OWN, role), world.names)
        assert (role, answer.status == 403) == (role, role not in row.roles)


def one_of(roles: Iterable[Role], row: Row) -> tuple[Role, ...]:
    """One of some roles, another for each row; none of none."""
    found = sorted(roles)
    return tuple(found[ROWS.index(row) % len(found) :][:1]) if found else ()


each_page = pytest.mark.parametrize("row", [pytest.param(row, id=row.call) for row in ROWS])


@each_page
def test_a_page_opens_to_whom_the_table_says_and_to_nobody_else(world: World, row: Row) -> None:
    without = world.call(row.call, None, world.names)
    is_shut = without.status == 401 or without.leads_to.startswith("/sign-in?to=")
    assert is_shut is (row.freely is None)

    if row.signed_in:
        assert world.call(row.call, world.begun(Standing.OWN), world.names).status != 403
    if row.roles:
        others = set(WORN) - row.roles
        lets_in(world, row, (*one_of(row.roles, row), *one_of(others, row)))


@pytest.mark.long
@each_page
def test_a_page_does_so_in_every_role(world: World, row: Row) -> None:
    if row.roles:
        lets_in(world, row, WORN)


ABSENT = {
    "<reference>": "PRV-0000-0000",
    "<draft>": "d-0000000000000000",
    "<other>": "PRV-0000-0000",
}
SEE_THEIR_BODY = {Role.LEAD, Role.GUARDIAN, Role.IG, Role.AUDITOR, Role.ASSURANCE, Role.SUPERVISOR}
"""Roles that may see something of a case of their body without being a member of it."""

ABOUT_A_CASE = [row for row in ROWS if row.roles and any(name in row.call for name in ABSENT)]


def hides(world: World, row: Row, standing: Standing, roles: Iterable[Role]) -> None:
    for role in roles:
        session = world.session(standing, role)

        absent = world.call(row.call, session, ABSENT)

        assert (role, world.call(row.call, session, world.names)) == (role, absent)


def blind_in(row: Row, standing: Standing) -> frozenset[Role]:
    """The roles that see nothing of a case to which somebody stands so."""
    return row.roles - (SEE_THEIR_BODY if standing is Standing.BODY else set())


each_hidden = pytest.mark.parametrize(
    ("row", "standing"),
    [
        pytest.param(row, standing, id=f"{row.call}-{standing.value}")
        for row in ABOUT_A_CASE
        for standing in (Standing.BODY, Standing.OTHER)
    ],
)


@each_hidden
def test_what_is_hidden_or_foreign_is_answered_like_what_is_absent(
    world: World, row: Row, standing: Standing
) -> None:
    hides(world, row, standing, one_of(blind_in(row, standing), row))


@pytest.mark.long
@each_hidden
def test_it_is_answered_so_in_every_role(world: World, row: Row, standing: Standing) -> None:
    hides(world, row, standing, blind_in(row, standing))
