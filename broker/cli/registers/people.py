"""`broker people`: who may work here, in which roles, and their ways in."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from broker.access.table import page
from broker.cli import session
from broker.cli.output import (
    FILE,
    IDENTIFIER,
    item,
    json_option,
    put,
    read_file,
    say,
    show,
    words_option,
)
from broker.domain.people.people import RoleHolding, RoleId
from broker.domain.roles import Role
from broker.domain.times import day_text
from broker.registers.entering.lists import read_people
from broker.registers.people import Listed, NewPerson, NewRole, PersonChange
from keys import PersonId

ROLE = click.Choice([role.value for role in Role])
LINK = (
    "Give the person this one-time code in person or by telephone: it opens their account within "
    "72 hours, once, at /welcome."
)


class Day(click.ParamType[date]):
    """A day such as 2026-03-16."""

    name = "DAY"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day, or fail with what one looks like."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail("must be a day such as 2026-03-16.", param, ctx)


DAY = Day()


@click.group()
def people() -> None:
    """Keep the people: who may work here, in which roles, and their ways in."""


@people.command("list")
@json_option
def list_people(*, as_json: bool) -> None:
    """List everybody of your body with their roles."""
    with session.services() as services:
        caller = session.caller(services)
        listed = services.access.people.listed(caller.agency)
        nameless = services.access.formerly.nameless(caller)
    show(
        {"people": list(map(_listed, listed)), "nameless": list(nameless)},
        as_json=as_json,
        in_words=lambda: _list_in_words(listed, nameless),
    )


@people.command("add")
@click.option("--role", "roles", type=ROLE, multiple=True, required=True)
@click.option("--deputy", is_flag=True, help="They hold the role beside its first holder.")
@click.option("--team", type=IDENTIFIER, help="Whose work a supervisor sees.")
@click.option("--from", "begins", type=DAY, help="From this day; else from today.")
@click.option("--until", "ends", type=DAY, help="To the end of this day; else open.")
@words_option("name", "Their name.", prompt="Their name")
@words_option("contact", "Their work address of mail.", prompt="Their work address of mail")
@json_option
def add_person(  # noqa: PLR0913  # one parameter an option
    *,
    roles: Sequence[str],
    team: str | None,
    begins: date | None,
    ends: date | None,
    name: str,
    contact: str,
    deputy: bool,
    as_json: bool,
) -> None:
    """Enter somebody with their roles; then: broker people invite PERSON."""
    with session.services() as services:
        caller = session.caller(services)
        given = tuple(
            NewRole(
                role=Role(role), team=team, valid_from=begins, valid_until=ends, is_deputy=deputy
            )
            for role in roles
        )
        new = NewPerson(agency=caller.agency, name=name, contact=contact, roles=given)
        (added,) = services.access.people.add([new], caller)
    _show_people([added], as_json=as_json)


@people.command("bind")
@click.argument("former", metavar="IDENTIFIER", type=IDENTIFIER)
@click.option("--role", "roles", type=ROLE, multiple=True, required=True)
@words_option("name", "Their name.", prompt="Their name")
@words_option("contact", "Their work address of mail.", prompt="Their work address of mail")
@json_option
def bind_person(
    former: str, *, roles: Sequence[str], name: str, contact: str, as_json: bool
) -> None:
    """Enter somebody as IDENTIFIER, by which alone an earlier release knew them.

    They stay a member of the cases that it works on. Then: broker people invite PERSON.
    """
    with session.services() as services:
        caller = session.caller(services)
        given = tuple(NewRole(role=Role(role)) for role in roles)
        new = NewPerson(agency=caller.agency, name=name, contact=contact, roles=given)
        bound = services.access.formerly.bind(PersonId(former), new, caller)
    _show_people([bound], as_json=as_json)


@people.command("import")
@click.argument("file", type=FILE)
@json_option
def import_people(file: Path, *, as_json: bool) -> None:
    """Enter the people of FILE (CSV): all of them, or none where a line is wrong."""
    new = read_people(read_file(file))
    with session.services() as services:
        caller = session.caller(services)
        added = services.access.people.add(new, caller)
    _show_people(added, as_json=as_json)


@people.command("change")
@click.argument("person", type=IDENTIFIER)
@click.option("--trained-until", type=DAY, help="To the end of which day their training counts.")
@click.option("--cleared-until", type=DAY, help="To the end of which day their clearance counts.")
@words_option("name", "Their name.")
@words_option("contact", "Their work address of mail; they sign in with it from then on.")
@json_option
def change_person(  # noqa: PLR0913  # one parameter an option
    person: str,
    trained_until: date | None,
    cleared_until: date | None,
    name: str | None,
    contact: str | None,
    *,
    as_json: bool,
) -> None:
    """Change what is said of PERSON."""
    change = PersonChange(
        name=name, contact=contact, trained_until=trained_until, cleared_until=cleared_until
    )
    with session.services() as services:
        caller = session.caller(services)
        services.access.people.change(PersonId(person), change, caller)
    _show_done(person, "is changed", as_json=as_json)


@people.command("disable")
@click.argument("person", type=IDENTIFIER)
@json_option
def disable_person(person: str, *, as_json: bool) -> None:
    """Let PERSON do nothing any more, at once and everywhere."""
    with session.services() as services:
        caller = session.caller(services)
        services.access.people.disable(PersonId(person), caller)
    _show_done(person, "is disabled; whatever they had open is closed", as_json=as_json)


@people.command("enable")
@click.argument("person", type=IDENTIFIER)
@json_option
def enable_person(person: str, *, as_json: bool) -> None:
    """Let PERSON, who was disabled, work again."""
    with session.services() as services:
        caller = session.caller(services)
        services.access.people.enable(PersonId(person), caller)
    _show_done(person, "may work again", as_json=as_json)


@people.command("grant")
@click.argument("person", type=IDENTIFIER)
@click.argument("role", type=ROLE)
@click.option("--deputy", is_flag=True, help="They hold the role beside its first holder.")
@click.option("--team", type=IDENTIFIER, help="Whose work a supervisor sees.")
@click.option("--from", "begins", type=DAY, help="From this day; else from today.")
@click.option("--until", "ends", type=DAY, help="To the end of this day; else open.")
@json_option
def grant_role(  # noqa: PLR0913  # one parameter an option
    person: str,
    role: str,
    *,
    team: str | None,
    begins: date | None,
    ends: date | None,
    deputy: bool,
    as_json: bool,
) -> None:
    """Give PERSON a ROLE; administrator, operator and guardian wait for a second person."""
    new = NewRole(
        role=Role(role),
        team=team,
        valid_from=begins,
        valid_until=ends,
        is_deputy=deputy,
    )
    with session.services() as services:
        caller = session.caller(services)
        held = services.access.people.grant(PersonId(person), new, caller)
    _show_role(held, as_json=as_json)


@people.command("confirm")
@click.argument("role", type=IDENTIFIER)
@json_option
def confirm_role(role: str, *, as_json: bool) -> None:
    """Let ROLE (its identifier) count, which another administrator proposed."""
    with session.services() as services:
        caller = session.caller(services)
        held = services.access.people.confirm(RoleId(role), caller)
    _show_role(held, as_json=as_json)


@people.command("end")
@click.argument("role", type=IDENTIFIER)
@json_option
def end_role(role: str, *, as_json: bool) -> None:
    """End ROLE (its identifier) now."""
    with session.services() as services:
        caller = session.caller(services)
        held = services.access.people.end(RoleId(role), caller)
    _show_role(held, as_json=as_json)


@people.command("invite")
@click.argument("person", type=IDENTIFIER)
@json_option
def invite_person(person: str, *, as_json: bool) -> None:
    """Print the one-time code with which PERSON opens their account."""
    with session.services() as services:
        caller = session.caller(services)
        secret = services.access.accounts.invite(PersonId(person), caller)
    _show_secret(person, secret, as_json=as_json)


@people.command("recover")
@click.argument("person", type=IDENTIFIER)
@click.option("--confirm", is_flag=True, help="Confirm what another administrator asked for.")
@json_option
def recover_person(person: str, *, confirm: bool, as_json: bool) -> None:
    """Ask for a new way in for PERSON, who lost theirs, or confirm it: it takes two."""
    with session.services() as services:
        caller = session.caller(services)
        accounts = services.access.accounts
        if confirm:
            secret = accounts.confirm_recovery(PersonId(person), caller)
        else:
            accounts.ask_recovery(PersonId(person), caller)
            secret = None
    if secret is not None:
        _show_secret(person, secret, as_json=as_json)
        return
    _show_done(person, "waits for a second administrator, for 72 hours", as_json=as_json)


@people.command("roles")
def print_roles() -> None:
    """Print who may do what, as docs/access.md has it."""
    put(page(), nl=False)


def _show_secret(person: str, secret: str, *, as_json: bool) -> None:
    def in_words() -> None:
        say(LINK)
        put(secret)

    show({"person": person, "code": secret}, as_json=as_json, in_words=in_words)


def _show_people(added: Sequence[PersonId], *, as_json: bool) -> None:
    def in_words() -> None:
        for person in added:
            item("entered", person)
        say("Roles of administrators, operators and Guardians wait for a second person.")

    show({"people": list(added)}, as_json=as_json, in_words=in_words)


def _show_done(person: str, what: str, *, as_json: bool) -> None:
    show({"person": person}, as_json=as_json, in_words=lambda: say(f"{person} {what}."))


def _show_role(held: RoleHolding, *, as_json: bool) -> None:
    show(_role(held), as_json=as_json, in_words=lambda: item(held.id, _role_in_words(held)))


def _list_in_words(listed: Sequence[Listed], nameless: Sequence[PersonId]) -> None:
    for one in listed:
        state = "DISABLED" if one.person.disabled_on else "active"
        account = "has an account" if one.has_account else "has no account"
        item(one.person.id, f"{one.person.name}, {one.person.contact}; {state}, {account}")
        for held in one.roles:
            item("", f"{held.id} {_role_in_words(held)}")
    if not listed:
        say("Nobody is entered yet. Enter somebody: broker people add --role ROLE")
    if nameless:
        say("Known from before, without a name. Say who it is: broker people bind IDENTIFIER")
    for former in nameless:
        item(former, "works on cases of your body")


def _role_in_words(held: RoleHolding) -> str:
    waits = held.needs_confirmation and held.confirmed_by is None
    until = "" if held.valid_until is None else f" until {held.valid_until}"
    ended = "" if held.ended_on is None else f", ended {held.ended_on}"
    rest = ", waits for a second person: broker people confirm" if waits else ""
    deputy = " (deputy)" if held.is_deputy else ""
    return f"{held.role} of {held.agency}{deputy} from {held.valid_from}{until}{ended}{rest}"


def _listed(one: Listed) -> dict[str, object]:
    return {
        "id": one.person.id,
        "agency": one.person.agency,
        "name": one.person.name,
        "contact": one.person.contact,
        "trained_until": day_text(one.person.trained_until),
        "cleared_until": day_text(one.person.cleared_until),
        "disabled_on": day_text(one.person.disabled_on),
        "has_account": one.has_account,
        "roles": list(map(_role, one.roles)),
    }


def _role(held: RoleHolding) -> dict[str, object]:
    return {
        "id": held.id,
        "person": held.person,
        "agency": held.agency,
        "role": held.role.value,
        "team": held.team,
        "deputy": held.is_deputy,
        "from": held.valid_from.isoformat(),
        "until": day_text(held.valid_until),
        "granted_by": held.granted_by,
        "confirmed_by": held.confirmed_by,
        "waits": held.needs_confirmation and held.confirmed_by is None,
        "ended_on": day_text(held.ended_on),
    }


COMMANDS = (people,)
