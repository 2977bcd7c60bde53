"""The commands about a case in the table of who may do what, each run by who may and who may not.

A case that somebody is not said to reach is answered as one that does not exist: in the words, in
what is printed, and in the error.
"""

import io
import json
import shlex
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from brokers import NURSE, TEACHER, Clock, a_submission
from changes import a_change
from homes import Prepared

from broker.access.table import Row, Standing, table
from broker.access.tokens import TERMS
from broker.cli import broker as program
from broker.cli import session
from broker.domain.errors import NotAllowedError, UnknownReferenceError
from broker.domain.model import Person
from broker.domain.roles import Role
from broker.wiring import Services
from keys import PersonId

STANDINGS = {
    Standing.OWN: NURSE,
    Standing.BODY: replace(NURSE, id=PersonId("p-colleague")),
    Standing.OTHER: TEACHER,
}
"""Somebody who stands so to a case of the nurse's."""

ABSENT = "PRV-0000-0000"
_THINKS = "--relation independent --principle 1"
ARGUMENTS = {
    "broker reply": "REF --text-file WORDS",
    "broker deleted": "REF --answer deleted",
    "broker resend": "REF --reason-file WORDS",
    "broker anew": "REF --yes --reason-file WORDS",
    "broker code": "REF --function lead",
    "broker fetch": "REF FILE",
    "broker sent": "REF --by egress --receipt-file WORDS",
    "broker done": "REF tell-the-person",
    "broker case link": "REF REF --kind same-person",
    "broker case move": "REF noted",
    "broker case close": "REF --as no-further-action",
    "broker case member add": f"REF {NURSE.id} --role practitioner",
    "broker case member end": "REF p-nobody",
    "broker agreement set": "REF told asked",
    "broker agreement withdraw": "REF share",
    "broker change notify": "REF CHANGE",
    "broker earlier show": "REF REF",
    "broker earlier call": "REF REF --as another",
    "broker review decide": f"REF --verdict refuse --reason-file WORDS {_THINKS} --yes",
    "broker review ask": f"REF --question-file WORDS {_THINKS}",
    "broker review look-back": f"REF --opinion concur --reason-file WORDS {_THINKS}",
    "broker advice ask": "REF --of ig --question-file WORDS",
    "broker breach open": "--about REF --kind breach --cause other --words-file WORDS",
    "broker ledger open": "REF individual.name",
    "broker memory keep": "REF --reason-file WORDS",
}
"""What follows each command; of what is not here, the reference alone."""

ROWS = [row for row in table().values() if row.call.startswith("broker ") and row.is_about_a_case]


@dataclass(frozen=True)
class Ran:
    """How a command ended: the error, if any, and what it printed; the reference stands for it."""

    error: str
    said: str
    printed: str


@dataclass(frozen=True)
class World:
    reference: str
    run: Callable[[Person, str, str], Ran]


@pytest.fixture(name="world", scope="module")
def _world(
    prepared_on_sqlite: Prepared, tmp_path_factory: pytest.TempPathFactory
) -> Generator[World]:
    """A broker with one disclosure of the nurse's that nothing can be done with any more."""
    folder = tmp_path_factory.mktemp("commands")
    services = prepared_on_sqlite.copied(folder / "home", Clock())
    with pytest.MonkeyPatch.context() as patched:
        reference = services.disclosures.accept(a_submission(services), NURSE).reference
        services.afterwards.recalling.recall(reference, NURSE)
        files = files_in(folder)
        token = folder / "token"
        settings = replace(services.settings, token_file=token)
        shared = replace(services, settings=settings)

        @contextmanager
        def as_it_is() -> Generator[Services]:
            yield shared

        # Each command would begin an installation of its own, which is most of its time.
        patched.setattr(session, "services", as_it_is)

        def run(person: Person, call: str, about: str) -> Ran:
            token.write_text(services.tokens.signed(person, TERMS))
            token.chmod(0o600)
            after = ARGUMENTS.get(call, "REF")
            for name, value in {**files, "REF": about}.items():
                after = after.replace(name, value)
            return ran([*call.split(" ")[1:], *shlex.split(after)], about)

        yield World(reference=str(reference), run=run)
    services.close()


def files_in(folder: Path) -> dict[str, str]:
    """What commands read and write, by the word that stands for it in their arguments."""
    words, change = folder / "words", folder / "change.json"
    words.write_text("They agreed on Monday, and their lead knows.")
    change.write_text(json.dumps(a_change()))
    return {"WORDS": str(words), "CHANGE": str(change), "FILE": str(folder / "fetched")}


def ran(arguments: list[str], about: str) -> Ran:
    printed, error, said = io.StringIO(), "", ""
    with redirect_stdout(printed):
        try:
            program.main(arguments, prog_name="broker", standalone_mode=False)
        except Exception as raised:  # noqa: BLE001  # whatever it is, it is compared
            error, said = type(raised).__name__, str(raised)
    return Ran(
        error=error,
        said=said.replace(about, "REF"),
        printed=printed.getvalue().replace(about, "REF"),
    )


def one_of(roles: Iterable[Role], row: Row) -> tuple[Role, ...]:
    """One of some roles, another for each row; none of none."""
    found = sorted(roles)
    return tuple(found[ROWS.index(row) % len(found) :][:1]) if found else ()


def cell_holds(world: World, row: Row, standing: Standing, roles: Iterable[Role]) -> None:
    """Run a command in each of some roles as somebody who stands so to the case."""
    reached, person = row.by_standing[standing], STANDINGS[standing]
    for role in roles:
        as_role = replace(person, role=role)
        found = world.run(as_role, row.call, world.reference)
        if role not in row.roles:
            assert issubclass(ERRORS[found.error], NotAllowedError), (role, found)
            continue
        absent = world.run(as_role, row.call, ABSENT)

        assert issubclass(ERRORS[absent.error], UnknownReferenceError), (role, absent)
        assert (role, found == absent) == (role, role not in reached)


each_cell = pytest.mark.parametrize(
    ("row", "standing"),
    [
        pytest.param(row, standing, id=f"{row.call}-{standing.value}")
        for row in ROWS
        for standing in Standing
    ],
)


@each_cell
def test_a_command_reaches_the_cases_that_the_table_says_and_hides_the_others(
    world: World, row: Row, standing: Standing
) -> None:
    reached, refused = row.by_standing[standing], frozenset(Role) - row.roles
    kinds = (reached, row.roles - reached, refused)
    cell_holds(world, row, standing, (role for kind in kinds for role in one_of(kind, row)))


@pytest.mark.long
@each_cell
def test_a_command_does_so_in_every_role(world: World, row: Row, standing: Standing) -> None:
    cell_holds(world, row, standing, Role)


def all_below(kind: type[Exception]) -> Iterable[type[Exception]]:
    yield kind
    for below in kind.__subclasses__():
        yield from all_below(below)


class _Errors(dict[str, type[Exception]]):
    """The class of an error by its name."""

    def __missing__(self, name: str) -> type[Exception]:
        return next((one for one in all_below(Exception) if one.__name__ == name), Exception)


ERRORS = _Errors()


def test_every_argument_belongs_to_a_command_about_a_case() -> None:
    assert set(ARGUMENTS) <= {row.call for row in ROWS}
