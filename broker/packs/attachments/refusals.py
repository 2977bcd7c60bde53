"""Why an attachment is refused, in words for the person who chose it."""

from enum import StrEnum

from broker.domain.errors import BrokerError


class Reason(StrEnum):
    """The code of a refusal; the code may be recorded, it says nothing about a person."""

    NAME = "name"
    KIND = "kind"
    CONTENT = "content"
    EMPTY = "empty"
    TOO_BIG = "too-big"
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"
    BOMB = "bomb"
    ACTIVE = "active"
    EMBEDDED = "embedded"
    EXTERNAL = "external"
    COMMENTS = "comments"
    TRACKED = "tracked-changes"
    EARLIER = "earlier-versions"
    HIDDEN = "hidden-text"
    TOO_LONG = "too-long"
    PIXELS = "too-many-pixels"
    CONTROL = "control-characters"
    TOO_MUCH = "too-much-work"
    MALWARE = "malware"


_TEXTS: dict[Reason, str] = {
    Reason.NAME: (
        "The name of this file cannot be used: it is empty, too long, or holds a folder or "
        "hidden characters. Rename the file with plain letters and choose it again."
    ),
    Reason.KIND: (
        "Files of this kind cannot be attached. The broker takes pdf, docx, jpeg, png and txt. "
        "Open the file in its program, save or print it as a PDF, and choose that. If its name "
        "has no ending such as .pdf, give it the right one."
    ),
    Reason.CONTENT: (
        "The content of this file is not what its name says. "
        "Open it in the program that made it, save it again in the right format and choose that."
    ),
    Reason.EMPTY: "This file is empty. Check that it was saved, and choose it again.",
    Reason.TOO_BIG: (
        "This file is larger than 10 MB. Attach only the pages that are needed, "
        "or save it with smaller pictures."
    ),
    Reason.ENCRYPTED: (
        "This file is protected by a password or restricted, or is in an old Word format, so it "
        "cannot be checked. Save a copy without a password (Word files as docx), or open it and "
        "print it as a PDF, and choose that."
    ),
    Reason.UNREADABLE: (
        "This file is damaged or is not built as such a file should be, so it cannot be checked. "
        "Open it in the program that made it, save it again and choose that."
    ),
    Reason.BOMB: (
        "This file unpacks to far more than its size, which is a known attack. "
        "Do not open it. If you made it yourself, print it as a PDF and choose that."
    ),
    Reason.ACTIVE: (
        "This file holds a program (a macro, script, form action or field) that could run when it "
        "is opened. Print it as a PDF, or save it without macros, and choose that."
    ),
    Reason.EMBEDDED: (
        "This file holds other files inside it that nobody would see on its pages. "
        "Take them out and attach them one by one, or print the pages as a PDF and choose that."
    ),
    Reason.EXTERNAL: (
        "This file fetches something from elsewhere when it is opened (a template, picture or "
        "linked file). Print it as a PDF, or break the links, and choose that."
    ),
    Reason.COMMENTS: (
        "This file holds comments, which might say more than you mean to share. "
        "Remove the comments and choose it again, or print it as a PDF without them."
    ),
    Reason.TRACKED: (
        "This file holds tracked changes, so words that were deleted can still be read. "
        "Accept or reject all changes, turn tracking off and choose it again."
    ),
    Reason.EARLIER: (
        "This file was changed after it was made and still holds its earlier version, so what was "
        "deleted can be read. Print it as a PDF, which makes a new file, and choose that."
    ),
    Reason.HIDDEN: (
        "This file holds hidden text, which might say more than you mean to share. "
        "Delete the hidden text, or make it visible, and choose the file again. Or print it as a "
        "PDF, look at the pages, and choose that."
    ),
    Reason.TOO_LONG: (
        "This file is too long: the broker takes 100 pages of a PDF, or 200,000 characters of a "
        "Word or text file. Attach only the part that is needed."
    ),
    Reason.PIXELS: (
        "This file holds a picture with more than 40 million pixels. "
        "Save the picture smaller and choose that."
    ),
    Reason.CONTROL: (
        "This text file is not plain text: it holds control characters. "
        "Open it in a text editor, save it as UTF-8 and choose it again."
    ),
    Reason.TOO_MUCH: (
        "This file could not be read within the time and memory that a file may take, or it made "
        "the program that reads it fail. Print it as a PDF, or save it smaller, and choose that."
    ),
    Reason.MALWARE: (
        "The check for malware found something in this file, so it is not taken. Do not open or "
        "send it. Tell your own IT now, and say in the form what the file shows."
    ),
}


class AttachmentRefusedError(BrokerError):
    """Raised when a file does not pass the gate; `reason` is the code, the message the advice."""

    def __init__(self, reason: Reason, advice: str = "") -> None:
        """Look up the words; the name and content of the file are never repeated.

        `advice` takes the place of what everybody is told, where more is known.
        """
        self.reason = reason
        super().__init__(advice or _TEXTS[reason])


class PackTooLargeError(BrokerError):
    """Raised when the sealed pack would pass what a mailbox takes (18 MB, or what theirs does)."""

    def __init__(self, megabytes: int | None = None) -> None:
        """Say what to leave out; `megabytes` is what a message to this recipient may have."""
        limit = (
            "The pack would be larger than 18 MB with these attachments, and many mailboxes "
            "refuse that."
            if megabytes is None
            else f"The recipient's mailbox takes messages of {megabytes} MB, and this one would "
            "be larger."
        )
        super().__init__(
            f"{limit} Leave out an attachment, attach fewer pages, or save the files with "
            "smaller pictures."
        )
