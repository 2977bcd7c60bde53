"""Every route says who may call it, and answers nothing but its own methods."""

from pathlib import Path

import pytest
from commands import commands
from flask import Flask

from broker.access.table import page, table
from broker.app import create_app
from broker.cli import broker as program
from broker.domain.roles import Role
from broker.ledger.shares import SCOPES
from broker.panels.standing import ATTENDERS
from broker.panels.standing import KEEPERS as KEEP_MEETINGS
from broker.partner_requests.disputing import SETTLERS
from broker.partner_requests.noticing import APPROVERS
from broker.partner_requests.standing import ANSWERERS, ASKERS
from broker.web import access as page_access
from broker.web.access import PUBLIC, SIGNED_IN, Door
from broker.web.menu import ADVISERS, BETWEEN_BODIES, KEEPERS, KEEPS_BETWEEN, WRITERS
from broker.web.views.directory import READERS
from broker.wiring import Services

ROOT = Path(__file__).parents[2]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")

REVIEW = Door(session=True, roles=frozenset({Role.GUARDIAN}))
WRITE = Door(session=True, roles=frozenset(WRITERS))
READ_LEDGER = Door(session=True, roles=frozenset(SCOPES))
PAGES: dict[str, Door] = {
    **dict.fromkeys(
        (
            "GET /meetings",
            "GET /meetings/<reference>",
            "POST /meetings/<reference>/answer",
            "GET /meetings/<reference>/delegate",
            "POST /meetings/<reference>/delegate",
            "GET /meetings/<reference>/copy",
        ),
        Door(session=True, roles=frozenset(ATTENDERS)),
    ),
    **dict.fromkeys(
        (
            "GET /meetings/new",
            "POST /meetings/new",
            "GET /meetings/<reference>/ask",
            "POST /meetings/<reference>/ask",
            "POST /meetings/<reference>/note",
            "POST /meetings/<reference>/close",
            "POST /meetings/<reference>/cancel",
            "GET /meetings/<reference>/pack",
            "POST /meetings/<reference>/pack",
            "POST /meetings/<reference>/pack/withdraw",
        ),
        Door(session=True, roles=frozenset(KEEP_MEETINGS)),
    ),
    **dict.fromkeys(
        (
            "POST /meetings/<reference>/hold",
            "POST /meetings/<reference>/pack/approve",
        ),
        Door(session=True, roles=frozenset({Role.CHAIR})),
    ),
    **dict.fromkeys(
        (
            "GET /breaches",
            "GET /breaches/new",
            "POST /breaches/new",
            "GET /breaches/<record>",
            "POST /breaches/<record>",
            "GET /breaches/<record>/<step>",
            "POST /breaches/<record>/<step>",
        ),
        Door(session=True, roles=frozenset({Role.GUARDIAN, Role.IG})),
    ),
    **dict.fromkeys(
        ("GET /referrals/<reference>/wrong", "POST /referrals/<reference>/wrong"),
        Door(session=True, roles=frozenset({Role.GUARDIAN, *WRITERS})),
    ),
    **dict.fromkeys(
        ("GET /advised", "GET /advised/<advice>", "POST /advised/<advice>"),
        Door(session=True, roles=frozenset({Role.GUARDIAN, *ADVISERS})),
    ),
    **dict.fromkeys(
        (
            "GET /reviews",
            "GET /reviews/<reference>",
            "GET /reviews/<reference>/advice",
            "GET /reviews/cover",
            "GET /reviews/not-shared",
            "POST /reviews/<reference>/advice",
            "POST /reviews/cover",
            "GET /reviews/not-shared/<quarter>",
            "GET /reviews/<reference>/ask",
            "GET /reviews/<reference>/asked",
            "GET /reviews/<reference>/decide",
            "GET /reviews/<reference>/decided",
            "GET /reviews/<reference>/document",
            "GET /reviews/<reference>/final",
            "GET /reviews/<reference>/leave-out",
            "GET /reviews/<reference>/look-back",
            "GET /reviews/<reference>/looked-back",
            "GET /reviews/<reference>/print.pdf",
            "GET /reviews/<reference>/print/<int:number>.png",
            "GET /reviews/<reference>/public-interest",
            "GET /reviews/<reference>/readers",
            "GET /reviews/<reference>/reasons",
            "GET /reviews/<reference>/relation",
            "GET /reviews/<reference>/relation/again",
            "POST /reviews/<reference>/ask",
            "POST /reviews/<reference>/decide",
            "POST /reviews/<reference>/final",
            "POST /reviews/<reference>/leave-out",
            "POST /reviews/<reference>/look-back",
            "POST /reviews/<reference>/public-interest",
            "POST /reviews/<reference>/reasons",
            "POST /reviews/<reference>/relation",
            "POST /reviews/<reference>/relation/again",
        ),
        REVIEW,
    ),
    **dict.fromkeys(
        (
            "GET /requests",
            "GET /requests/<reference>/<int:number>",
            "GET /requests/drafts/<draft>",
            "POST /requests/drafts/<draft>",
        ),
        Door(session=True, roles=ASKERS | ANSWERERS),
    ),
    **dict.fromkeys(
        (
            "GET /requests/<reference>/<int:number>/concern",
            "POST /requests/<reference>/<int:number>/concern",
        ),
        Door(session=True, roles=ASKERS | ANSWERERS),
    ),
    **dict.fromkeys(
        (
            "GET /referrals/<reference>/changed",
            "POST /referrals/<reference>/changed",
            "GET /referrals/<reference>/changed/look",
            "POST /referrals/<reference>/changed/look",
        ),
        Door(session=True, roles=frozenset(WRITERS)),
    ),
    **dict.fromkeys(("GET /notices", "POST /notices"), Door(session=True, roles=APPROVERS)),
    **dict.fromkeys(
        (
            "GET /sharing-concerns",
            "GET /sharing-concerns/<named>",
            "POST /sharing-concerns/<named>",
        ),
        Door(session=True, roles=ASKERS | ANSWERERS | SETTLERS),
    ),
    **dict.fromkeys(
        (
            "GET /requests/new",
            "GET /requests/<reference>/sent",
            "POST /requests/new",
            "POST /requests/<reference>/<int:number>/close",
            "POST /requests/<reference>/<int:number>/settle",
            "POST /requests/<reference>/<int:number>/withdraw",
        ),
        Door(session=True, roles=ASKERS),
    ),
    **dict.fromkeys(
        (
            "GET /requests/<reference>/<int:number>/answered",
            "GET /requests/<reference>/<int:number>/pass",
            "GET /requests/<reference>/<int:number>/return",
            "GET /requests/<reference>/<int:number>/time",
            "POST /requests/<reference>/<int:number>/answer",
            "POST /requests/<reference>/<int:number>/pass",
            "POST /requests/<reference>/<int:number>/return",
            "POST /requests/<reference>/<int:number>/take",
            "POST /requests/<reference>/<int:number>/time",
        ),
        Door(session=True, roles=ANSWERERS),
    ),
    **dict.fromkeys(
        (
            "GET /",
            "GET /accessibility",
            "GET /advice",
            "GET /assets/<path:path>",
            "GET /channels",
            "GET /colleague",
            "GET /cookies",
            "GET /help",
            "GET /hidden",
            "GET /now",
            "GET /places",
            "GET /privacy",
            "GET /report",
            "GET /report/sent",
            "GET /sign-in",
            "GET /sign-in/organisation",
            "GET /sign-in/organisation/back",
            "GET /sign-in/passkey",
            "GET /start",
            "GET /welcome",
            "GET /welcome/<secret>",
            "POST /report",
            "POST /sign-in",
            "POST /sign-in/passkey",
            "POST /welcome",
            "POST /welcome/<secret>",
        ),
        PUBLIC,
    ),
    **dict.fromkeys(
        (
            "GET /account",
            "GET /account/organisation/back",
            "GET /account/organisation/join",
            "GET /account/organisation/leave",
            "POST /account/organisation/leave",
            "GET /account/passkeys/<name>/remove",
            "GET /account/passkeys/new",
            "GET /code",
            "GET /code/passkey",
            "GET /role",
            "GET /sign-out",
            "GET /stay",
            "POST /account/passkeys/<name>/remove",
            "POST /account/passkeys/new",
            "POST /code",
            "POST /code/passkey",
            "POST /hide",
            "POST /role",
            "POST /sign-out",
        ),
        SIGNED_IN,
    ),
    **dict.fromkeys(
        (
            "GET /now/call",
            "GET /r/<draft>",
            "GET /r/<draft>/<page:name>",
            "GET /colleague/new",
            "GET /r/<draft>/ask-lead",
            "GET /r/<draft>/c-check",
            "GET /r/<draft>/check",
            "GET /r/<draft>/delete",
            "GET /r/<draft>/from-paper",
            "GET /r/<draft>/lead-answer",
            "GET /r/<draft>/now-check",
            "GET /r/<draft>/printed/<form>",
            "GET /r/<draft>/try",
            "GET /referrals",
            "GET /referrals/<reference>",
            "GET /referrals/<reference>/sent",
            "GET /referrals/from-paper",
            "GET /referrals/new",
            "GET /sharing/new",
            "POST /colleague/new",
            "POST /now/call",
            "POST /r/<draft>/<page:name>",
            "POST /r/<draft>/ask-lead",
            "POST /r/<draft>/c-check",
            "POST /r/<draft>/check",
            "POST /r/<draft>/delete",
            "POST /r/<draft>/lead-answer",
            "POST /r/<draft>/now-check",
            "POST /referrals/from-paper",
            "POST /referrals/new",
            "POST /sharing/new",
        ),
        WRITE,
    ),
    **dict.fromkeys(
        (
            "GET /checks",
            "GET /checks/<reference>",
            "POST /checks/<reference>",
        ),
        Door(session=True, roles=frozenset({Role.LEAD, Role.MANAGER, Role.GUARDIAN})),
    ),
    **dict.fromkeys(
        ("GET /reports", "GET /reports/<name>", "POST /reports/<name>"),
        Door(session=True, roles=frozenset({Role.LEAD})),
    ),
    **dict.fromkeys(
        ("GET /checks/<reference>/earlier", "GET /checks/<reference>/earlier/<other>"),
        Door(session=True, roles=frozenset({Role.LEAD, Role.GUARDIAN})),
    ),
    "POST /checks/<reference>/take-on": Door(session=True, roles=frozenset({Role.LEAD})),
    "GET /concerns": Door(session=True, roles=frozenset({Role.LEAD, Role.MANAGER})),
    **dict.fromkeys(
        (
            "GET /ledger",
            "GET /ledger/<int:number>",
            "GET /ledger/<int:number>/receipt",
            "GET /ledger/check-yourself",
            "GET /ledger/export",
            "GET /ledger/policy",
            "POST /ledger/check",
            "POST /ledger/export",
        ),
        READ_LEDGER,
    ),
    **dict.fromkeys(
        (
            "GET /rules/put-in-force",
            "POST /rules/put-in-force",
            "POST /rules/put-in-force/<proposal>",
        ),
        Door(session=True, roles=frozenset({Role.GUARDIAN, Role.OPERATOR})),
    ),
    **dict.fromkeys(
        (
            "GET /rules/documents",
            "GET /rules/reviews",
            "POST /rules/documents",
            "POST /rules/reviews",
        ),
        Door(session=True, roles=frozenset({Role.GUARDIAN, Role.IG, Role.LEAD})),
    ),
    **dict.fromkeys(
        (
            "GET /inbox",
            "GET /inbox/<reference>",
            "POST /inbox/<reference>",
            "POST /inbox/<reference>/earlier/<other>",
        ),
        Door(session=True, roles=frozenset({Role.POLICE, Role.POLICE_LEAD})),
    ),
    **dict.fromkeys(
        (
            "GET /supervision",
            "GET /supervision/new",
            "GET /supervision/notes",
            "POST /supervision/new",
        ),
        Door(session=True, roles=frozenset({Role.SUPERVISOR})),
    ),
    **dict.fromkeys(
        ("GET /who-received", "POST /who-received"),
        Door(session=True, roles=frozenset({Role.GUARDIAN, Role.LEAD, Role.IG})),
    ),
    **dict.fromkeys(
        ("GET /law", "GET /rules", "GET /rules/<rule>", "GET /rules/changes"),
        Door(session=True, roles=frozenset(Role) - {Role.CLIENT}),
    ),
    **dict.fromkeys(
        (
            "GET /ledger/<int:number>/open/<commitment>",
            "POST /ledger/<int:number>/open/<commitment>",
        ),
        Door(session=True, roles=frozenset({*WRITERS, Role.GUARDIAN, Role.AUDITOR})),
    ),
    **dict.fromkeys(
        (
            "GET /directory",
            "GET /directory/contacts/<name>",
            "GET /directory/organisations/<name>",
        ),
        Door(session=True, roles=frozenset(READERS)),
    ),
    **dict.fromkeys(
        (
            "GET /directory/contacts/<name>/call",
            "GET /directory/contacts/<name>/change",
            "GET /directory/contacts/<name>/profile",
            "GET /directory/contacts/<name>/retire",
            "GET /directory/contacts/<name>/try",
            "GET /directory/contacts/new",
            "GET /directory/organisations/<name>/change",
            "GET /directory/organisations/<name>/retire",
            "GET /directory/organisations/new",
            "GET /directory/contacts.csv",
            "GET /directory/files",
            "GET /directory/presets",
            "GET /directory/services.json",
            "POST /directory/files",
            "GET /directory/presets/<name>",
            "POST /directory/presets/<name>",
            "POST /directory/contacts/<name>/call",
            "POST /directory/contacts/<name>/change",
            "POST /directory/contacts/<name>/profile",
            "POST /directory/contacts/<name>/retire",
            "POST /directory/contacts/<name>/try",
            "POST /directory/contacts/new",
            "POST /directory/organisations/<name>/change",
            "POST /directory/organisations/<name>/retire",
            "POST /directory/organisations/new",
        ),
        Door(session=True, roles=frozenset(KEEPERS)),
    ),
    **dict.fromkeys(
        (
            "GET /r/<draft>/document",
            "GET /r/<draft>/document/<int:number>/<int:page>",
            "GET /r/<draft>/document/<int:number>/pdf",
            "GET /r/<draft>/file/<int:number>/seen",
            "GET /r/<draft>/file/<int:number>/seen/<int:page>",
            "GET /referrals/<reference>/agreement",
            "GET /referrals/<reference>/agreement/<kind>",
            "POST /referrals/<reference>/agreement/<kind>",
            "POST /referrals/<reference>/agreement",
            "GET /referrals/<reference>/document",
            "GET /referrals/<reference>/duties/<duty>",
            "GET /referrals/<reference>/handover",
            "GET /referrals/<reference>/code",
            "GET /referrals/<reference>/page",
            "GET /referrals/<reference>/replies",
            "GET /referrals/<reference>/messages",
            "GET /referrals/<reference>/note",
            "GET /referrals/<reference>/opened",
            "GET /referrals/<reference>/receipt",
            "GET /referrals/<reference>/reply",
            "GET /referrals/<reference>/stop",
            "GET /referrals/<reference>/deleted",
            "GET /referrals/<reference>/words",
            "POST /referrals/<reference>/duties/<duty>",
            "POST /referrals/<reference>/handover",
            "POST /referrals/<reference>/code",
            "POST /referrals/<reference>/opened",
            "POST /referrals/<reference>/reply",
            "POST /referrals/<reference>/stop",
            "POST /referrals/<reference>/deleted",
            "POST /referrals/<reference>/words",
        ),
        WRITE,
    ),
    **dict.fromkeys(
        (
            "GET /people",
            "GET /people/<id_>",
            "GET /people/<id_>/change",
            "GET /people/<id_>/disable",
            "GET /people/<id_>/roles",
            "GET /people/import",
            "GET /people/new",
            "GET /settings",
            "POST /people/<id_>/change",
            "POST /people/<id_>/disable",
            "POST /people/<id_>/enable",
            "POST /people/<id_>/invite",
            "POST /people/<id_>/recover",
            "POST /people/<id_>/recover/confirm",
            "POST /people/<id_>/roles",
            "POST /people/<id_>/roles/<role>/confirm",
            "POST /people/<id_>/roles/<role>/end",
            "POST /people/import",
            "POST /people/new",
            "POST /settings",
        ),
        Door(session=True, roles=frozenset({Role.ADMINISTRATOR})),
    ),
    **dict.fromkeys(
        ("GET /sharing-agreements", "GET /workers", "GET /clearances"),
        Door(session=True, roles=frozenset(BETWEEN_BODIES)),
    ),
    **dict.fromkeys(
        (
            "GET /sharing-agreements/new",
            "POST /sharing-agreements/new",
            "POST /sharing-agreements/<agreement>/confirm",
            "POST /sharing-agreements/<agreement>/end",
            "POST /workers",
            "POST /clearances",
        ),
        Door(session=True, roles=frozenset(KEEPS_BETWEEN)),
    ),
}
"""The same for pages: what each asks for before it opens."""


@pytest.fixture(name="app")
def _app(sqlite_broker: Services) -> Flask:
    return create_app(sqlite_broker)


def methods_by_path(app: Flask) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        found.setdefault(rule.rule, set()).update(rule.methods or set())
    return found


def test_every_route_has_a_row_in_the_table_and_every_row_a_route(app: Flask) -> None:
    views = {
        f"{method} {rule.rule}": app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
    }
    doors = {route: page_access.declared(view) for route, view in views.items()}

    assert {call for call in table() if not call.startswith("broker ")} == {
        route for route, door in doors.items() if door is None
    }
    assert {route: door for route, door in doors.items() if door is not None} == PAGES


def test_every_command_has_a_row_in_the_table_and_every_row_a_command() -> None:
    assert {call for call in table() if call.startswith("broker ")} == set(commands(program))


def test_the_page_of_who_may_do_what_is_the_table() -> None:
    assert (ROOT / "docs" / "access.md").read_text(encoding="utf-8") == page()


def test_a_route_without_a_row_is_closed_to_everybody(app: Flask) -> None:
    app.add_url_rule("/forgotten", view_func=lambda: "open", endpoint="forgotten")

    assert app.test_client().get("/forgotten").status_code == 403


def test_an_undeclared_method_is_refused_on_every_route(app: Flask) -> None:
    client = app.test_client()
    for path, own in methods_by_path(app).items():
        url = path.replace("<reference>", "PRV-0000-0000")
        url = url.replace("<int:number>", "0").replace("<int:page>", "0")
        for method in set(METHODS) - own:
            answer = client.open(url, method=method, headers={"Content-Length": "0"})
            assert (method, path, answer.status_code) == (method, path, 405)
            assert answer.content_type == "application/problem+json"
            assert {word.strip() for word in answer.headers["Allow"].split(",")} == own
