"""What a sealed pack is made of, read from the case in one transaction."""

from broker.delivery.permission import permitted
from broker.domain.model import Disclosure
from broker.packs.assembly import PackParts
from broker.packs.attachments.case_parts import attachment_of
from broker.packs.contents import Parties, Released, enclosures_of, pack_of
from broker.storage.transaction import Transaction


def gather(tx: Transaction, disclosure: Disclosure) -> PackParts:
    """Return what leaves of a disclosure, read in the caller's transaction; as `permitted`."""
    file = tx.case_file(disclosure)
    pack = file.pack()
    released = Released.of(file.decision())
    permission = permitted(tx, disclosure)
    mailbox = permission.recipient
    parties = Parties(
        sender=tx.directory.agency(disclosure.sender),
        recipient=tx.directory.agency(mailbox.agency),
        mailbox=mailbox,
    )
    attachments = [attachment_of(n, file.get) for n in range(1, len(pack.attachments) + 1)]
    return PackParts(
        document=pack_of(pack, released, disclosure, parties),
        enclosures=enclosures_of(pack, released, attachments),
        decided=permission.decided.seq,
    )
