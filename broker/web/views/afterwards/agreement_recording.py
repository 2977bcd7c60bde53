"""One answer about a case is recorded: who said it, when, until when, and for whom."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, abort, request

from broker.disclosures.afterwards.agreements import AgreementsShown, Said
from broker.domain.cases.agreements import (
    NOTHING,
    Agreement,
    AgreementKind,
    AgreementStatus,
    Giver,
    Scope,
)
from broker.domain.errors import ChangedMeanwhileError, NotAllowedError
from broker.domain.references import Reference, parse_reference
from broker.domain.times import uk_day
from broker.web import access
from broker.web.forms.choices import radio_items
from broker.web.forms.days import day_in, day_params, day_problem, day_typed, typed_of_day
from broker.web.forms.problems import Problem
from broker.web.journeys.conditions import USUAL_PURPOSES, USUAL_RECIPIENTS
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show, version_in
from broker.web.visitors import visitor

recording = Blueprint("agreement_recording", __name__)

_TITLES: Final = {
    AgreementKind.TOLD: "Do they know about this?",
    AgreementKind.SHARE: "Do they agree that it is shared?",
    AgreementKind.SUPPORT: "Do they agree to take part in support?",
}
_STATUSES: Final = {
    AgreementStatus.GIVEN: "Yes",
    AgreementStatus.REFUSED: "No",
    AgreementStatus.ASKED: "They were asked, and have not answered yet",
    AgreementStatus.UNABLE: "They cannot answer",
    AgreementStatus.NOT_SOUGHT: "Nobody asked",
}
_TOLD_STATUSES: Final = {
    AgreementStatus.GIVEN: "Yes, they were told",
    AgreementStatus.NOT_SOUGHT: "No, nobody told them",
}
_GIVERS: Final = {
    Giver.PERSON: "The person",
    Giver.PARENT: "A parent or guardian",
    Giver.ATTORNEY: "Someone with power of attorney",
}
_SCOPES: Final = {
    "usual": "Police and council, for this referral and what follows: checks, partners' answers, "
    "the panel, reviews",
    "this": "Only where this went, and only for what it went for",
}
_ANSWERED: Final = frozenset({AgreementStatus.GIVEN, AgreementStatus.REFUSED})
_CHANGED: Final = "Somebody else recorded an answer meanwhile. Look at it, then record yours."


@recording.get("/referrals/<reference>/agreement/<kind>")
@access.requires(*WRITERS)
def record_page(reference: str, kind: str) -> Response:
    """Ask for an answer, filled in with what is recorded."""
    about, which = parse_reference(reference), _kind(kind)
    shown = _shown(about)
    held = next((one for one in shown.records if one.kind is which), None)
    return _form(about, which, _typed_of(held), shown)


@recording.post("/referrals/<reference>/agreement/<kind>")
@access.requires(*WRITERS)
def record(reference: str, kind: str) -> Response:
    """Record an answer over the one that the page was shown with."""
    about, which = parse_reference(reference), _kind(kind)
    shown, typed = _shown(about), _typed()
    problems = _problems(which, typed)
    if not problems:
        said = _said(about, which, typed)
        try:
            current_site().services.afterwards.agreements.record(
                visitor().person, str(about), said
            )
        except ChangedMeanwhileError:
            problems = [Problem(field="status", message=_CHANGED)]
        except NotAllowedError as error:
            problems = [Problem(field="until-day", message=str(error))]
        else:
            return see_other(f"/referrals/{about}/agreement")
    return _form(about, which, typed, shown, problems=problems)


def _kind(kind: str) -> AgreementKind:
    if kind not in list(AgreementKind):
        abort(404)
    return AgreementKind(kind)


def _shown(about: Reference) -> AgreementsShown:
    return current_site().services.afterwards.agreements.show(visitor().person, str(about))


def _typed() -> dict[str, str]:
    names = ("status", "giver", "scope", *map(_seen_of, Giver))
    chosen = {name: request.form.get(name, "").strip() for name in names}
    return {**chosen, **day_typed(request.form, "on"), **day_typed(request.form, "until")}


def _typed_of(held: Agreement | None) -> dict[str, str]:
    if held is None:
        return {**typed_of_day("on", None), **typed_of_day("until", None)}
    return {
        "status": held.status.value,
        "giver": held.giver.value,
        **typed_of_day("on", held.given_on),
        **typed_of_day("until", held.expires_on),
    }


def _problems(kind: AgreementKind, typed: Mapping[str, str]) -> list[Problem]:
    found: list[Problem] = []
    if typed["status"] not in _statuses(kind):
        return [Problem(field="status", message="Select where this stands")]
    status = AgreementStatus(typed["status"])
    if kind is not AgreementKind.TOLD and status in _ANSWERED and typed["giver"] not in _GIVERS:
        found.append(Problem(field="giver", message="Select who answered"))
    days = (day_problem(typed, "on", "The day"), day_problem(typed, "until", "The last day"))
    found += [one for one in days if one is not None]
    if status is AgreementStatus.GIVEN:
        today = uk_day(current_site().services.clock())
        on = day_in(typed, "on")
        if days[0] is None and on is None:
            found.append(Problem(field="on-day", message="Enter the day they answered"))
        if on is not None and on > today:
            found.append(Problem(field="on-day", message="The day must be today or in the past"))
        if kind is AgreementKind.SHARE and typed["scope"] not in _SCOPES:
            found.append(Problem(field="scope", message="Select what they agreed to"))
    return found


def _said(about: Reference, kind: AgreementKind, typed: Mapping[str, str]) -> Said:
    status = AgreementStatus(typed["status"])
    giver = Giver(typed["giver"]) if typed["giver"] in _GIVERS else Giver.NOBODY
    if kind is AgreementKind.TOLD:
        giver = Giver.PERSON if status is AgreementStatus.GIVEN else Giver.NOBODY
    is_given = status is AgreementStatus.GIVEN
    return Said(
        kind=kind,
        status=status,
        giver=giver,
        given_on=day_in(typed, "on"),
        expires_on=day_in(typed, "until") if is_given else None,
        scope=_scope(about, typed) if is_given and kind is AgreementKind.SHARE else NOTHING,
        seen=version_in(typed[_seen_of(giver if kind is AgreementKind.SUPPORT else Giver.PERSON)]),
    )


def _scope(about: Reference, typed: Mapping[str, str]) -> Scope:
    if typed["scope"] == "usual":
        return Scope(recipients=USUAL_RECIPIENTS, purposes=USUAL_PURPOSES)
    with current_site().services.transaction() as tx:
        disclosure = tx.disclosure(about)
        body = tx.directory.agency(tx.directory.mailbox(disclosure.recipient).agency)
    return Scope(recipients=(body.kind,), purposes=(disclosure.purpose,))


def _statuses(kind: AgreementKind) -> Mapping[AgreementStatus, str]:
    return _TOLD_STATUSES if kind is AgreementKind.TOLD else _STATUSES


def _seen_of(giver: Giver) -> str:
    return f"_seen-{giver}"


def _form(
    about: Reference,
    kind: AgreementKind,
    typed: Mapping[str, str],
    shown: AgreementsShown,
    *,
    problems: list[Problem] | None = None,
) -> Response:
    found, is_support = problems or [], kind is AgreementKind.SUPPORT
    records = [one for one in shown.records if one.kind is kind]
    versions = {one.giver if is_support else Giver.PERSON: one.version for one in records}
    seen = {_seen_of(giver): str(versions.get(giver, 0)) for giver in Giver}
    meanwhile = [one for one in found if one.message == _CHANGED]
    if problems is not None and not meanwhile:
        seen = {name: typed.get(name, version) for name, version in seen.items()}
    return show(
        "afterwards/agreement_form.html",
        title=_TITLES[kind],
        problems=found,
        kind=kind.value,
        statuses=radio_items(_statuses(kind), typed.get("status", "")),
        givers=radio_items(_GIVERS, typed.get("giver", "")),
        scopes=radio_items(_SCOPES, typed.get("scope", "")),
        on=day_params(typed, "on", found),
        until=day_params(typed, "until", found),
        seen=seen,
        back=f"/referrals/{about}/agreement",
    )
