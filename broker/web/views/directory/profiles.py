"""How a contact takes documents: as what they are sealed, how large, and with which files."""

from typing import Final

from flask import Blueprint, Response, request

from broker.domain.directory.profiles import (
    FEWEST_MEGABYTES,
    MOST_MEGABYTES,
    SEALED_AS,
    RecipientProfile,
    SealedAs,
)
from broker.domain.model import MailboxId
from broker.web import access
from broker.web.forms.problems import Problem
from broker.web.menu import KEEPERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.visitors import visitor

profiles = Blueprint("profiles", __name__)

_TAKES_THEM: Final = "They need some files as they were sent, and take them"


@profiles.get("/directory/contacts/<name>/profile")
@access.requires(*KEEPERS)
def profile_page(name: str) -> Response:
    """Ask how a contact takes documents."""
    now = current_site().services.keeping.profiles.of(MailboxId(name))
    most = "" if now.most_megabytes is None else str(now.most_megabytes)
    return _page(name, now.sealed_as.value, most, takes_originals=now.takes_originals)


@profiles.post("/directory/contacts/<name>/profile")
@access.requires(*KEEPERS)
def set_profile(name: str) -> Response:
    """Enter how a contact takes documents."""
    form, most = request.form.get("sealed_as", ""), request.form.get("most_megabytes", "").strip()
    takes_originals = request.form.get("takes_originals") == "yes"
    problems: list[Problem] = []
    if form not in set(SealedAs):
        problems.append(Problem(field="sealed_as", message="Select as what documents go there"))
    if most and not (most.isascii() and most.isdigit() and _is_a_size(int(most[:4]))):
        problems.append(
            Problem(
                field="most_megabytes",
                message=f"Enter a whole number from {FEWEST_MEGABYTES} to {MOST_MEGABYTES}, or "
                "leave it empty",
            )
        )
    if problems:
        return _page(name, form, most, problems, takes_originals=takes_originals)
    profile = RecipientProfile(
        sealed_as=SealedAs(form),
        most_megabytes=int(most) if most else None,
        takes_originals=takes_originals,
    )
    current_site().services.keeping.profiles.set_by_keeper(
        MailboxId(name), profile, visitor().person
    )
    return see_other(f"/directory/contacts/{name}")


def _is_a_size(megabytes: int) -> bool:
    return FEWEST_MEGABYTES <= megabytes <= MOST_MEGABYTES


def _page(
    name: str,
    form: str,
    most: str,
    problems: list[Problem] | None = None,
    *,
    takes_originals: bool,
) -> Response:
    contacts = current_site().services.keeping.contacts
    return show(
        "directory/profile.html",
        title="How they take documents",
        contact=contacts.contact(MailboxId(name), visitor().person).contact,
        forms=[
            {"value": one.value, "text": words, "checked": one.value == form}
            for one, words in SEALED_AS.items()
        ],
        most=most,
        originals=[{"value": "yes", "text": _TAKES_THEM, "checked": takes_originals}],
        problems=problems or [],
        back=f"/directory/contacts/{name}",
    )
