"""The document that a recipient would read, before anything is sent: the same pages and words.

Reference, moment and receipt are given when it is sent; all else comes from the very functions
that make what goes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from broker.domain.judgement import Judgement
from broker.domain.times import Clock
from broker.packs.assembly import Draw, Pages, on_paper
from broker.packs.attachments import Attachment
from broker.packs.contents import Heading, Parties, Released, document_of, enclosures_of
from broker.storage.transaction import Transactions


@dataclass(frozen=True, slots=True, kw_only=True)
class Previews:
    """Puts on paper what would go; nothing is kept, and no transaction is open while it draws."""

    transaction: Transactions
    clock: Clock
    draw: Draw

    def document(self, judgement: Judgement, attachments: Sequence[Attachment]) -> bytes:
        """Return the PDF of what a judgement lets go; `attachments` as the pack names them.

        Raises `PackTooLargeError`, `CannotRenderError` and what drawing raises.
        """
        asked, mailbox = judgement.asked, judgement.mailbox
        with self.transaction() as tx:
            parties = Parties(
                sender=tx.directory.agency(asked.person.agency),
                recipient=tx.directory.agency(mailbox.agency),
                mailbox=mailbox,
                profile=tx.profiles.of(mailbox.id),
            )
        released = Released.of(judgement.document())
        heading = Heading(
            reference="", purpose=str(asked.pack.questions["purpose"]), made_at=self.clock()
        )
        pages = Pages(
            document=document_of(asked.pack, released, heading, parties),
            enclosures=enclosures_of(asked.pack, released, parties, attachments),
        )
        return on_paper(pages, self.draw)
