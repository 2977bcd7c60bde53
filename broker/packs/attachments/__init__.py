"""What goes with a pack: files that passed the gate, why others did not, and whether it all fits.

The parsers (`gate`, and what it imports) run in `broker.packs.sandbox` only.
"""

from broker.packs.attachments.kinds import Attachment, Inspect, Kind, Reading
from broker.packs.attachments.refusals import AttachmentRefusedError, PackTooLargeError, Reason
from broker.packs.attachments.remarks import Remark
from broker.packs.attachments.size import fits, page_budget

__all__ = [
    "Attachment",
    "AttachmentRefusedError",
    "Inspect",
    "Kind",
    "PackTooLargeError",
    "Reading",
    "Reason",
    "Remark",
    "fits",
    "page_budget",
]
