"""They changed their mind: what is recorded, who got something, and taking it back."""

from typing import Final

from flask import Blueprint, Response, request

from broker.disclosures.afterwards.agreements import AgreementsShown
from broker.domain.cases.agreements import Agreement, AgreementKind, AgreementStatus, Giver
from broker.domain.errors import WrongStateError
from broker.domain.references import Reference, parse_reference
from broker.web import access
from broker.web.forms.choices import radio_items
from broker.web.forms.problems import Problem
from broker.web.menu import WRITERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import visitor

agreeing = Blueprint("agreeing", __name__)

KINDS = {
    AgreementKind.TOLD: "They know of it",
    AgreementKind.SHARE: "They agree that it is shared",
    AgreementKind.SUPPORT: "They agree to take part in support",
}
STATUSES = {
    AgreementStatus.NOT_SOUGHT: "Nobody asked",
    AgreementStatus.ASKED: "Asked, and not answered yet",
    AgreementStatus.GIVEN: "Yes",
    AgreementStatus.REFUSED: "No",
    AgreementStatus.UNABLE: "They cannot answer",
    AgreementStatus.EXPIRED: "Yes, and its time is over",
    AgreementStatus.WITHDRAWN: "Taken back",
    AgreementStatus.SUPERSEDED: "Another record stands in its place",
}
GIVERS = {
    Giver.NOBODY: "nobody",
    Giver.PERSON: "the person",
    Giver.PARENT: "a parent or guardian",
    Giver.ATTORNEY: "someone with power of attorney",
}


@agreeing.get("/referrals/<reference>/agreement")
@access.requires(*WRITERS)
def agreement_page(reference: str) -> Response:
    """Show what they agreed to, and who got something."""
    return _agreement_page(parse_reference(reference), [])


@agreeing.post("/referrals/<reference>/agreement")
@access.requires(*WRITERS)
def withdraw(reference: str) -> Response:
    """Record that they took it back, and prepare a notice to each past recipient."""
    about, what = parse_reference(reference), request.form.get("kind", "")
    agreements, person = current_site().services.afterwards.agreements, visitor().person
    shown = agreements.show(person, str(about))
    if what not in _to_take_back(shown):
        problem = Problem(field="kind", message="Select what they took back")
        return _agreement_page(about, [problem])
    kind, _, said_by = what.partition("-")
    giver = Giver(said_by) if said_by else None
    held = _held(shown, AgreementKind(kind), giver)
    seen = 0 if held is None else held.version
    try:
        agreements.withdraw(person, str(about), AgreementKind(kind), seen, giver)
    except WrongStateError as error:
        return _agreement_page(about, [Problem(field="kind", message=str(error))])
    return see_other(f"/referrals/{about}/agreement")


def _held(shown: AgreementsShown, kind: AgreementKind, giver: Giver | None) -> Agreement | None:
    found = [one for one in shown.records if one.kind is kind and giver in {None, one.giver}]
    given = [one for one in found if one.standing(shown.today) is AgreementStatus.GIVEN]
    return next(iter(given or found), None)


def _to_take_back(shown: AgreementsShown) -> dict[str, str]:
    """Return what can be taken back, by what is chosen; support apart where two agreed to it."""
    support = AgreementKind.SUPPORT
    agreed = [
        one.giver
        for one in shown.records
        if one.kind is support and one.standing(shown.today) is AgreementStatus.GIVEN
    ]
    if len(agreed) > 1:
        of_support = {
            f"{support}-{giver}": f"{_TAKE_PART}, said by {GIVERS[giver]}" for giver in agreed
        }
    else:
        of_support = {str(support): _TAKE_PART}
    return {str(AgreementKind.SHARE): "That it is shared", **of_support}


_TAKE_PART: Final = "That they take part in support"


def _agreement_page(about: Reference, problems: list[Problem]) -> Response:
    services = current_site().services
    shown = services.afterwards.agreements.show(visitor().person, str(about))
    return show(
        "afterwards/agreement.html",
        title="They changed their mind",
        reference=about,
        records=[
            {
                "kind": KINDS[one.kind],
                "says": STATUSES[one.standing(shown.today)],
                "giver": GIVERS[one.giver],
                "until": one.expires_on,
            }
            for one in shown.records
        ],
        kinds=KINDS,
        to_take_back=radio_items(_to_take_back(shown)),
        past=shown.past,
        problems=problems,
        back=f"/referrals/{about}",
    )
