"""The gate for files that go with a pack: what is let in, and whether it all fits a mailbox."""

from broker.packs.attachments.gate import inspect
from broker.packs.attachments.kinds import Attachment, Kind
from broker.packs.attachments.refusals import AttachmentRefusedError, PackTooLargeError, Reason
from broker.packs.attachments.size import fits, page_budget

__all__ = [
    "Attachment",
    "AttachmentRefusedError",
    "Kind",
    "PackTooLargeError",
    "Reason",
    "fits",
    "inspect",
    "page_budget",
]
