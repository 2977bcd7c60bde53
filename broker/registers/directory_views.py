"""What is told of the directory: one shape for the API and the command line."""

from collections.abc import Mapping, Sequence

from broker.domain.model import Agency, Mailbox, MailboxId
from broker.domain.times import day_text, rfc3339
from broker.registers.contacts import ShownContact
from broker.registers.exchange.bringing_in import Brought
from broker.registers.finding.searching import Found
from broker.registers.presets import presets

Alikes = Mapping[MailboxId, Sequence[MailboxId]]
"""By a mailbox, those of other bodies whose address looks like its own and is another."""


def agency_document(agency: Agency) -> dict[str, object]:
    """Return an agency as JSON."""
    return {
        "id": agency.id,
        "name": agency.name,
        "kind": agency.kind,
        "in_united_kingdom": agency.in_united_kingdom,
        "sharing_agreement_until": day_text(agency.sharing_agreement_until),
        "undertaking_signed": agency.undertaking_signed,
        "suitability_until": day_text(agency.suitability_until),
        "bases": {
            purpose: {
                "article_6": basis.article_6,
                "article_9": basis.article_9,
                "schedule_1": basis.schedule_1,
                "power": basis.power,
            }
            for purpose, basis in agency.bases.items()
        },
        "sharing_duty_body": agency.sharing_duty_body,
        "check": agency.check,
        "check_purposes": sorted(agency.check_purposes),
        "completes": agency.completes,
        "pathway": agency.pathway,
        "guardian_body": agency.guardian_body,
        "retired_on": day_text(agency.retired_on),
    }


def mailbox_document(mailbox: Mailbox, alike: Alikes) -> dict[str, object]:
    """Return a mailbox as JSON; `looks_like` names those whose address looks like its own."""
    return {
        "id": mailbox.id,
        "agency": mailbox.agency,
        "title": mailbox.title,
        "address": mailbox.address,
        "type": mailbox.type,
        "accepts_encrypted": mailbox.accepts_encrypted,
        "telephone": mailbox.telephone,
        "function": mailbox.function,
        "version": mailbox.version,
        "verified_on": day_text(mailbox.verified_on),
        "verified_by": mailbox.verified_by,
        "kept_as": mailbox.listing.kept_as,
        "hours": mailbox.listing.hours,
        "printed": mailbox.listing.printed,
        "source": mailbox.listing.source,
        "retired_on": day_text(mailbox.backing.retired_on),
        "looks_like": list(alike.get(mailbox.id, ())),
    }


def contact_document(shown: ShownContact) -> dict[str, object]:
    """Return one mailbox with its history, the newest first; `seen` goes along with a change."""
    return {
        **mailbox_document(shown.contact, {shown.contact.id: [one.id for one in shown.alike]}),
        "organisation": shown.body.name,
        "history": [
            {"what": one.what, "by": one.by, "at": rfc3339(one.at)} for one in shown.history
        ],
        "seen": shown.seen,
    }


def found_document(found: Found) -> dict[str, object]:
    """Return the mailboxes that words found, and what old words among them are called today."""
    return {
        "mailboxes": [mailbox_document(one, found.alike) for one in found.contacts],
        "old_words": {word.old: word.note for word in found.today_words},
    }


def alike_document(alike: Alikes) -> dict[str, object]:
    """Return, by a mailbox, those that its address looks like."""
    return {id_: list(others) for id_, others in alike.items()}


def brought_document(brought: Brought) -> dict[str, object]:
    """Return what a file brought, and which of its addresses look like another's."""
    return {
        "agencies": brought.bodies,
        "new": brought.new,
        "changed": brought.changed,
        "looks_like": alike_document(brought.alike),
    }


def presets_document() -> dict[str, object]:
    """Return the presets that there are, with their sources."""
    return {
        "presets": [
            {"id": one.id, "title": one.title, "source": one.source, "contacts": len(one.contacts)}
            for one in presets().values()
        ]
    }
