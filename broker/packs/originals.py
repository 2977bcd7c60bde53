"""Whether a file goes along as it was sent, and not as what was written anew from it.

It does only where its sender asks for that, to the police, at a mailbox that takes such files, and
where nothing that it carries is more closely protected. That all it carries is released is asked
of every file that leaves.
"""

from collections.abc import Sequence
from dataclasses import replace

from broker.domain.directory.profiles import RecipientProfile, SealedAs
from broker.domain.model import Agency, AttachmentNote, Pack
from broker.packs.attachments import Attachment
from policies import SPECIAL_FIELDS

AS_IT_WAS_SENT = (
    "The file itself goes along as it was sent: it may hold what no page shows. What is said here "
    "is about its pages."
)
"""What the recipient reads beside a file that goes along so."""

GOES = "If it goes, the file itself goes along as it was sent."
"""What its sender reads where it may."""

_NOT_POLICE = "Only the police get a file as it was sent. What was made of it goes."
_SPECIAL = (
    "It carries what is more closely protected, so it does not go as it was sent. What was made "
    "of it goes."
)
_IN_WORD = "They get a locked Word file, which holds no other file. What was made of it goes."
_NOT_TAKEN = (
    "This contact has not said that it takes files as they were sent. What was made of it goes; "
    "if they need the file itself, ask whoever keeps the directory."
)


def stays_because(
    note: AttachmentNote, recipient: Agency, profile: RecipientProfile
) -> str | None:
    """Return why the file itself does not go, in a sentence for its sender; None where it may."""
    if not recipient.is_police:
        return _NOT_POLICE
    if not SPECIAL_FIELDS.isdisjoint(note.carries):
        return _SPECIAL
    if profile.sealed_as is SealedAs.WORD:
        return _IN_WORD
    return None if profile.takes_originals else _NOT_TAKEN


def as_asked(pack: Pack, attachments: Sequence[Attachment]) -> list[Attachment]:
    """Return the attachments of a pack, each to go as its sender asks, whoever gets it."""
    return [
        replace(attachment, goes_as_sent=note.original)
        for note, attachment in zip(pack.attachments, attachments, strict=True)
    ]
