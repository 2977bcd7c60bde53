"""What a sealed pack is made of, read from the case in one transaction."""

from collections.abc import Mapping
from dataclasses import replace

from broker.delivery.permission import permitted
from broker.delivery.ways_out import page_form
from broker.domain.directory.profiles import PLAIN
from broker.domain.model import Disclosure, Mailbox
from broker.packs.assembly import PackParts
from broker.packs.attachments.case_parts import attachment_of
from broker.packs.contents import Parties, Released, enclosures_of, pack_of
from broker.storage.transaction import Transaction


def gather(tx: Transaction, disclosure: Disclosure) -> PackParts:
    """Return what leaves of a disclosure, read in the caller's transaction; as `permitted`.

    What is fetched from a page is a PDF, whatever form its recipient asked for by mail.
    """
    file, permission = tx.case_file(disclosure), permitted(tx, disclosure)
    recipient = permission.recipient
    parts = parts_under(tx, disclosure, file.decision(), recipient, decided=permission.decided.seq)
    has_page = page_form(file.facts(), disclosure.outcome) is not None
    return replace(parts, profile=PLAIN) if has_page else parts


def parts_under(
    tx: Transaction,
    disclosure: Disclosure,
    decision: Mapping[str, object],
    mailbox: Mailbox,
    *,
    decided: int,
) -> PackParts:
    """Return what a decision document lets go to a mailbox, whether or not it stands yet.

    `decided` is the entry that decided it; where nothing did, what is made of this is read only.
    """
    file = tx.case_file(disclosure)
    pack, released = file.pack(), Released.of(decision)
    parties = Parties(
        sender=tx.directory.agency(disclosure.sender),
        recipient=tx.directory.agency(mailbox.agency),
        mailbox=mailbox,
        profile=tx.profiles.of(mailbox.id),
    )
    attachments = [attachment_of(n, file.get) for n in range(1, len(pack.attachments) + 1)]
    return PackParts(
        document=pack_of(pack, released, disclosure, parties),
        enclosures=enclosures_of(pack, released, parties, attachments),
        decided=decided,
        body=mailbox.agency,
        released={name: words for name, words in pack.form.items() if name in released.fields},
        profile=parties.profile,
    )
