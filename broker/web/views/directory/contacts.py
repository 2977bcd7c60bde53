"""One contact: looked at, entered, changed, rung about, retired."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, Response, request

from broker.domain.directory.backing import CallBack, Listing, NumberFrom
from broker.domain.directory.functions import NEVER_ADDRESSED, TITLES, Function, rules_word
from broker.domain.errors import DirectoryFaultError, FaultyDocumentError
from broker.domain.model import Mailbox, MailboxId
from broker.registers.contact_changes import number_to_ring
from broker.registers.contacts import ShownContact
from broker.registers.naming import free_name
from broker.web import access
from broker.web.forms.choices import option_items, radio_items
from broker.web.forms.problems import Problem
from broker.web.menu import KEEPERS
from broker.web.site import current_site, see_other
from broker.web.views.answers import show
from broker.web.views.directory import READERS, words
from broker.web.visitors import visitor
from broker.wiring import Services
from keys import AgencyId

contacts = Blueprint("contacts", __name__)

_FIELDS = (
    "agency", "kept_as", "title", "address", "telephone", "hours", "type", "accepts_encrypted",
)  # fmt: skip
_LIMITS = {"title": 200, "address": 254, "telephone": 40, "hours": 200}
_FUNCTIONS = {one.value: TITLES[one] for one in Function}


@contacts.get("/directory/contacts/<name>")
@access.requires(*READERS)
def contact_page(name: str) -> Response:
    """Show a contact, what stands behind it, and what was done with it."""
    shown = _shown(name)
    services = current_site().services
    return show(
        "directory/contact.html",
        title="Contact",
        shown=shown,
        contact=shown.contact,
        function=words.function_of(shown.contact),
        standing=words.standing(shown.contact, services.clock()),
        type=words.TYPES.get(shown.contact.type, shown.contact.type),
        encrypted=words.ENCRYPTED.get(shown.contact.accepts_encrypted, ""),
        profile=words.profile_of(services.keeping.profiles.of(shown.contact.id)),
        before=number_to_ring(shown.contact),
        done=words.DONE,
        may_keep=shown.may_keep and visitor().person.role in KEEPERS,
        is_own=shown.contact.backing.entered_by == visitor().person.id,
        back="/directory",
    )


@contacts.get("/directory/contacts/new")
@access.requires(*KEEPERS)
def new_page() -> Response:
    """Ask for a new contact."""
    return _form({"agency": request.args.get("of", "")}, title="Add a contact", back="/directory")


@contacts.post("/directory/contacts/new")
@access.requires(*KEEPERS)
def enter() -> Response:
    """Enter a contact; somebody else rings about it."""
    typed, services = _typed(), _services()
    problems = _problems(typed)
    if not typed["agency"]:
        problems.insert(0, Problem(field="agency", message="Select the organisation"))
    if not problems:
        taken = {one.id for one in services.directory.entries().mailboxes}
        name = free_name(f"{typed['agency']}-{typed['kept_as']}", taken)
        contact = _contact(MailboxId(name), typed)
        try:
            services.keeping.contacts.enter(
                contact, services.rulebooks.in_force(), visitor().person
            )
        except (FaultyDocumentError, DirectoryFaultError) as error:
            problems = _said_by(error)
        else:
            return see_other(f"/directory/contacts/{name}")
    return _form(typed, title="Add a contact", back="/directory", problems=problems)


@contacts.get("/directory/contacts/<name>/change")
@access.requires(*KEEPERS)
def change_page(name: str) -> Response:
    """Ask what a contact says from now on."""
    shown = _shown(name)
    return _form(
        _typed_of(shown.contact), title="Change this contact", back=_at(name), seen=shown.seen
    )


@contacts.post("/directory/contacts/<name>/change")
@access.requires(*KEEPERS)
def change(name: str) -> Response:
    """Let a contact say something else; somebody else rings about it then."""
    before, typed, services = _shown(name).contact, _typed(), _services()
    typed["agency"], seen = before.agency, request.form.get("seen", "")
    problems = _problems(typed)
    if not problems:
        contact = _contact(before.id, typed)
        listing = replace(
            contact.listing, printed=before.listing.printed, source=before.listing.source
        )
        contact = replace(contact, listing=listing, version=before.version)
        rulebook = services.rulebooks.in_force()
        try:
            services.keeping.contacts.change(contact, seen, rulebook, visitor().person)
        except (FaultyDocumentError, DirectoryFaultError) as error:
            problems = _said_by(error)
        else:
            return see_other(_at(name))
    return _form(typed, title="Change this contact", back=_at(name), seen=seen, problems=problems)


@contacts.get("/directory/contacts/<name>/call")
@access.requires(*KEEPERS)
def call_page(name: str) -> Response:
    """Ask what they said when somebody rang."""
    return _call_form(_shown(name), {})


@contacts.post("/directory/contacts/<name>/call")
@access.requires(*KEEPERS)
def call_back(name: str) -> Response:
    """Record that all of it was confirmed; what differs leads to changing it."""
    shown, seen = _shown(name), request.form.get("seen", "")
    typed = {field: request.form.get(field, "").strip() for field in _CALL_FIELDS}
    if typed["said"] == "differs":
        return see_other(f"{_at(name)}/change")
    if typed["said"] == "nobody":
        return see_other(_at(name))
    before = number_to_ring(shown.contact)
    if before is not None:
        typed["number"], typed["source"] = before, NumberFrom.BEFORE.value
    problems = _problems_of_call(typed)
    if not problems:
        call = CallBack(
            number=typed["number"],
            source=NumberFrom(typed["source"]),
            spoke_to=typed["spoke_to"],
        )
        try:
            _services().keeping.contacts.call_back(MailboxId(name), call, seen, visitor().person)
        except FaultyDocumentError as error:
            problems = words.problems_of(error.faults)
        else:
            return see_other(_at(name))
    return _call_form(replace(shown, seen=seen), typed, problems)


@contacts.get("/directory/contacts/<name>/retire")
@access.requires(*KEEPERS)
def retire_page(name: str) -> Response:
    """Ask before nothing goes to a contact any more."""
    return show(
        "directory/retire.html",
        title="Retire this contact?",
        seen=_shown(name).seen,
        base=_at(name),
        back=_at(name),
    )


@contacts.post("/directory/contacts/<name>/retire")
@access.requires(*KEEPERS)
def retire(name: str) -> Response:
    """Let nothing go to a contact any more."""
    seen = request.form.get("seen", "")
    _services().keeping.contacts.retire(MailboxId(name), seen, visitor().person)
    return see_other(_at(name))


_CALL_FIELDS = ("said", "number", "source", "spoke_to")


def _problems_of_call(typed: Mapping[str, str]) -> list[Problem]:
    problems: list[Problem] = []
    if typed["said"] != "confirmed":
        problems.append(Problem(field="said", message="Select what they said"))
    if not typed["number"]:
        problems.append(Problem(field="number", message="Enter the number that you rang"))
    if typed["source"] not in {*NumberFrom}:
        problems.append(Problem(field="source", message="Select where that number came from"))
    if not typed["spoke_to"]:
        message = "Enter whom you spoke to, by function"
        problems.append(Problem(field="spoke_to", message=message))
    return problems


def _call_form(
    shown: ShownContact, typed: Mapping[str, str], problems: list[Problem] | None = None
) -> Response:
    before, now = number_to_ring(shown.contact), _services().clock()
    waits_until = shown.contact.backing.waits_until
    says = {
        "confirmed": "They confirmed all of it",
        "differs": "Something differs",
        "nobody": "Nobody answered",
    }
    return show(
        "directory/call.html",
        title="Call them back",
        shown=shown,
        contact=shown.contact,
        before=before,
        is_own=shown.contact.backing.entered_by == visitor().person.id,
        standing=words.standing(shown.contact, now),
        is_waiting=waits_until is not None and now < waits_until,
        not_filled_in=words.NOT_FILLED_IN,
        says=radio_items(says, typed.get("said", "")),
        sources=radio_items(words.sources(), typed.get("source", "")),
        typed=typed,
        base=_at(shown.contact.id),
        back=_at(shown.contact.id),
        problems=problems or [],
    )


def _form(
    typed: Mapping[str, str],
    *,
    title: str,
    back: str,
    seen: str = "",
    problems: list[Problem] | None = None,
) -> Response:
    by_name = sorted(
        (
            (body.id, body.name)
            for body in _services().directory.entries().agencies
            if body.retired_on is None
        ),
        key=lambda pair: pair[1],
    )
    return show(
        "directory/contact_form.html",
        title=title,
        typed=typed,
        seen=seen,
        is_new=not seen,
        bodies=option_items(by_name, typed.get("agency", ""), "Select one"),
        functions=option_items(_FUNCTIONS.items(), typed.get("kept_as", ""), "Select one"),
        types=radio_items(words.TYPES, typed.get("type", "")),
        encrypted=radio_items(words.ENCRYPTED, typed.get("accepts_encrypted", "")),
        back=back,
        problems=problems or [],
    )


def _typed() -> dict[str, str]:
    return {field: request.form.get(field, "").strip() for field in _FIELDS}


def _typed_of(contact: Mailbox) -> dict[str, str]:
    return {
        "agency": contact.agency,
        "kept_as": contact.listing.kept_as or contact.function,
        "title": contact.title,
        "address": contact.address,
        "telephone": contact.telephone,
        "hours": contact.listing.hours or "",
        "type": contact.type,
        "accepts_encrypted": contact.accepts_encrypted,
    }


def _problems(typed: Mapping[str, str]) -> list[Problem]:
    problems: list[Problem] = []
    if typed["kept_as"] not in {*Function}:
        problems.append(Problem(field="kept_as", message="Select what they are for"))
    if not typed["title"]:
        problems.append(Problem(field="title", message="Enter a title"))
    is_addressed = typed["kept_as"] not in {*NEVER_ADDRESSED}
    if not typed["address"] and is_addressed:
        problems.append(Problem(field="address", message="Enter their email address"))
    if not typed["telephone"]:
        problems.append(Problem(field="telephone", message="Enter their telephone number"))
    for field, most in _LIMITS.items():
        if len(typed[field]) > most:
            message = f"{words.LABELS[field]} must have {most} characters at most"
            problems.append(Problem(field=field, message=message))
    if typed["type"] not in words.TYPES:
        problems.append(Problem(field="type", message="Select what kind of mailbox it is"))
    if typed["accepts_encrypted"] not in words.ENCRYPTED:
        message = "Select whether they can open a locked document"
        problems.append(Problem(field="accepts_encrypted", message=message))
    return problems


def _contact(name: MailboxId, typed: Mapping[str, str]) -> Mailbox:
    function = Function(typed["kept_as"])
    return Mailbox(
        id=name,
        agency=AgencyId(typed["agency"]),
        title=typed["title"],
        address=typed["address"],
        type=typed["type"],
        accepts_encrypted=typed["accepts_encrypted"],
        telephone=typed["telephone"],
        function=rules_word(function),
        version=1,
        verified_on=None,
        verified_by=None,
        listing=Listing(kept_as=function.value, hours=typed["hours"] or None),
    )


def _said_by(error: FaultyDocumentError | DirectoryFaultError) -> list[Problem]:
    if isinstance(error, FaultyDocumentError):
        return words.problems_of(error.faults)
    return [Problem(field="address", message=str(error))]


def _shown(name: str) -> ShownContact:
    return _services().keeping.contacts.contact(MailboxId(name), visitor().person)


def _at(name: str) -> str:
    return f"/directory/contacts/{name}"


def _services() -> Services:
    return current_site().services
