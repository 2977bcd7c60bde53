"""The routes of the directory: parse, one call, answer.

It goes out and comes in as Open Referral UK has it; a contact counts once somebody else has rung.
"""

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import NotFound

from broker.api import access
from broker.api.bodies import json_body
from broker.api.services import current_services
from broker.domain.model import MailboxId
from broker.intake.documents import read_nothing
from broker.intake.registers.directory_documents import read_call_back, read_retirement
from broker.registers.contacts import Contacts
from broker.registers.directory_views import (
    brought_document,
    contact_document,
    found_document,
    presets_document,
)
from broker.registers.exchange.open_referral import document_of, read_services
from broker.registers.finding.searching import search
from broker.registers.presets import presets

directory = Blueprint("directory_kept", __name__, url_prefix="/api/v1/directory")


@directory.get("")
def listed() -> Response:
    """Return every contact that is not retired, as a page of services of Open Referral UK."""
    return jsonify(document_of(current_services().directory.entries()))


@directory.post("")
def bring_in() -> Response:
    """Enter and change what a page of services says: all of it, or none."""
    services, by = current_services(), access.person()
    brought = services.keeping.files.bring_in(
        read_services(json_body()), services.rulebooks.in_force(), by.id, by.agency
    )
    return jsonify(brought_document(brought))


@directory.get("/find/<words>")
def find(words: str) -> Response:
    """Find contacts by what they are called or are for; old words find today's function."""
    return jsonify(found_document(search(current_services().directory.entries(), words)))


@directory.get("/contacts/<mailbox>")
def show(mailbox: str) -> Response:
    """Return a contact with its history."""
    return _contact(mailbox)


@directory.post("/contacts/<mailbox>/call-back")
def call_back(mailbox: str) -> Response:
    """Record that the caller rang and all of it was confirmed; it counts for a year."""
    call, seen = read_call_back(json_body())
    _contacts().call_back(MailboxId(mailbox), call, seen, access.person())
    return _contact(mailbox)


@directory.post("/contacts/<mailbox>/retirement")
def retire(mailbox: str) -> Response:
    """Let nothing go to a contact any more; it stays in the list."""
    _contacts().retire(MailboxId(mailbox), read_retirement(json_body()), access.person())
    return _contact(mailbox)


@directory.get("/presets")
def listed_presets() -> Response:
    """Return the lists that were printed, with their sources."""
    return jsonify(presets_document())


@directory.post("/presets/<name>")
def load_preset(name: str) -> Response:
    """Enter what a printed list brings and is not there yet; none of it counts yet."""
    read_nothing(json_body())
    services, preset = current_services(), presets().get(name)
    if preset is None:
        raise NotFound
    rulebook = services.rulebooks.in_force()
    loaded = services.keeping.presets.load(preset, rulebook, access.person().id)
    return jsonify({"agencies": loaded.bodies, "mailboxes": loaded.contacts})


def _contacts() -> Contacts:
    return current_services().keeping.contacts


def _contact(mailbox: str) -> Response:
    return jsonify(contact_document(_contacts().contact(MailboxId(mailbox), access.person())))
