"""The gate for files that go with a pack: what is let in, and whether it all fits a mailbox."""

from broker.attachments.gate import inspect
from broker.attachments.kinds import Attachment, Kind
from broker.attachments.refusals import AttachmentRefusedError, PackTooLargeError, Reason
from broker.attachments.size import fits, page_budget

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
