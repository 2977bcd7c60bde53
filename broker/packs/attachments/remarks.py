"""What was taken off an attachment or changed in it, in words for sender and recipient."""

from enum import StrEnum
from typing import TypeAlias


class Remark(StrEnum):
    """The code of a remark; a closed list, so that no file can put words into anybody's mouth.

    `sentence` is for the sender, `to_the_recipient` that for the recipient, empty where
    it does not concern them.
    """

    # Whatever the kind
    BLANK = "blank"
    # PDF documents
    AS_PAGES = "as-pages"
    # Photographs and pictures
    LOCATION = "location"
    DETAILS = "details"
    SECOND_PICTURE = "second-picture"
    TRAILING = "trailing-data"
    COLOURS = "colours"
    CUT = "cut-into-pages"
    MOVING = "moving"
    # Text files
    CONVERTED = "converted"
    # Pictures inside other files
    PICTURE_LOST = "picture-lost"
    # Malware
    UNSCANNED = "unscanned"
    SCAN_WAITS = "scan-waits"

    @property
    def sentence(self) -> str:
        """What the sender is told."""
        return _SENTENCES[self]

    @property
    def to_the_recipient(self) -> str:
        """What stands on the recipient's page ("": nothing)."""
        return _TO_THE_RECIPIENT.get(self, "")


_SENTENCES: dict[Remark, str] = {
    Remark.BLANK: (
        "Nothing can be seen in this file: it comes out as white pages. Open it and look. If it "
        "should show something, print it as a PDF or photograph the paper, and choose that."
    ),
    Remark.AS_PAGES: (
        "The recipient gets the pages of this PDF as pictures. The file itself, and whatever in "
        "it no page shows, stays with you."
    ),
    Remark.LOCATION: (
        "A picture says where it was taken (GPS position). That stays with you. If the place "
        "matters, write it in the form."
    ),
    Remark.DETAILS: (
        "What the camera or program wrote into the picture about itself (device, times, names, "
        "previews) stays with you. If the time of the picture matters, write it in the form."
    ),
    Remark.SECOND_PICTURE: (
        "A second picture lies behind the one that you see, as many telephones and some crop "
        "tools leave it. It stays with you."
    ),
    Remark.TRAILING: (
        "Something stands behind the end of this file, as some cameras and programs leave it. "
        "It stays with you."
    ),
    Remark.COLOURS: (
        "The colour profile of the picture stays with you, so colours can look slightly different."
    ),
    Remark.CUT: "A picture is much taller than a page, so it goes as several pages that overlap.",
    Remark.MOVING: (
        "This picture moves. Only its still picture goes, the one that programs show which cannot "
        "show movement: look at it. What moves stays with you."
    ),
    Remark.CONVERTED: (
        "This text was not plain UTF-8 (it was saved in an older character set, or with marks of "
        "an older program) and was converted. Check letters with accents, quotation marks and "
        "currency signs before you save such a text again."
    ),
    Remark.PICTURE_LOST: (
        "A picture in this file could not be read, so it is not on the pages that go. If it "
        "matters, save the picture as JPEG or PNG and attach that."
    ),
    Remark.UNSCANNED: "This file was not checked for malware: there is no such check here.",
    Remark.SCAN_WAITS: (
        "The check for malware did not answer when this file was attached. Nothing goes until it "
        "has passed this file. If it is urgent, send it without the file, or ring."
    ),
}

_TO_THE_RECIPIENT: dict[Remark, str] = {
    Remark.BLANK: "Nothing can be seen in this file. Ask the sender whether it should be white.",
    Remark.COLOURS: "Colours can differ slightly from the original.",
    Remark.CUT: "The picture is much taller than a page: it goes on over several, which overlap.",
    Remark.MOVING: "The original picture moves. This is its still picture.",
    Remark.CONVERTED: "The text was converted from an older form of text file.",
    Remark.PICTURE_LOST: "A picture of the original could not be shown. Ask the sender for it.",
}


class WordRemark(StrEnum):
    """The code of a remark on a Word file; like a refusal's, it says nothing about a person."""

    NO_WORDS = "word-no-words"
    PICTURE_FORMAT = "word-picture-format"
    PICTURE_ELSEWHERE = "word-picture-elsewhere"
    PICTURE_UNPLACED = "word-picture-unplaced"
    DRAWN = "word-drawn"
    SYMBOL = "word-symbol"
    NUMBER = "word-number"
    FIELD = "word-field"
    LINKED_FILE = "word-linked-file"
    WEB_HIDDEN = "word-web-hidden"
    BOUND = "word-bound"
    OTHER_WORDS = "word-other-words"
    OTHER_DOCUMENT = "word-other-document"
    RECORDS = "word-records"
    WORKBOOK = "word-workbook"
    SIGNATURE = "word-signature"
    ADD_IN = "word-add-in"
    BEHIND = "word-behind"

    @property
    def sentence(self) -> str:
        """What the sender reads."""
        return _WORD_SENTENCES[self]

    @property
    def to_the_recipient(self) -> str:
        """What stands on the recipient's page: nothing, the text marks the places."""
        return ""


_WORD_SENTENCES: dict[WordRemark, str] = {
    WordRemark.NO_WORDS: (
        "No words were found in this Word file. Look at it before you send it: if it should hold "
        "some, save it as a PDF and attach that."
    ),
    WordRemark.PICTURE_FORMAT: (
        "A picture in this Word file is of a kind that cannot be shown; its place is marked and "
        "it stays behind. If it matters, attach it as a PNG or JPEG file, or the letter as a PDF."
    ),
    WordRemark.PICTURE_ELSEWHERE: (
        "A picture of this Word file is kept elsewhere on your disk, so it stays behind; its "
        "place is marked. If it matters, attach it on its own."
    ),
    WordRemark.PICTURE_UNPLACED: (
        "This Word file keeps a picture that stands on none of its pages. It stays behind."
    ),
    WordRemark.DRAWN: (
        "Something is drawn in this Word file (a line, box, arrow or handwriting). Only its place "
        "is marked, and words that it covers are shown. If it matters, attach the file as a PDF."
    ),
    WordRemark.SYMBOL: (
        "A symbol in this Word file is in a font that is not known. Its place is marked. "
        "If it matters, attach the file as a PDF."
    ),
    WordRemark.NUMBER: (
        "Some numbers in this Word file are made by Word when it shows the page. Their places "
        "are marked. If they matter, attach the file as a PDF."
    ),
    WordRemark.FIELD: (
        "A field in this Word file shows something that only Word can work out. Its place is "
        "marked. If it matters, attach the file as a PDF."
    ),
    WordRemark.LINKED_FILE: (
        "This Word file links to a file on a disk or share. The link's words go, that file stays "
        "behind. If it is needed, attach it on its own."
    ),
    WordRemark.WEB_HIDDEN: (
        "Some words of this Word file are not shown in Word's web view. They stand on its pages, "
        "so they go. Delete them if you did not mean to share them."
    ),
    WordRemark.BOUND: (
        "Word fills a box of this file from data behind its page, which say something else than "
        "the box itself. What Word shows was taken. Open the file in Word, look at it, save it "
        "and choose it again if that is not what you see."
    ),
    WordRemark.OTHER_WORDS: (
        "This Word file holds other words for programs other than Word. They stay behind; what "
        "Word shows goes."
    ),
    WordRemark.OTHER_DOCUMENT: (
        "This Word file holds another document that Word does not show. It stays behind."
    ),
    WordRemark.RECORDS: (
        "This Word file holds data behind its pages (of a case system, form or template). "
        "They stay behind."
    ),
    WordRemark.WORKBOOK: (
        "A chart in this Word file has a spreadsheet behind it. What the chart shows is given in "
        "words; the spreadsheet stays behind."
    ),
    WordRemark.SIGNATURE: (
        "This Word file is signed. The signature holds for the file as it is, so it stays behind. "
        "If the recipient must check it, ask them how to send it."
    ),
    WordRemark.ADD_IN: (
        "This Word file asks Word to open an add-in beside its page (a writing helper, say). "
        "That stays behind; what the page shows goes."
    ),
    WordRemark.BEHIND: (
        "Something stands behind the end of this Word file. It stays behind; "
        "only the document goes."
    ),
}

NOT_SCANNED = frozenset({Remark.UNSCANNED, Remark.SCAN_WAITS})
"""What is said of a file that no scanner has passed; nothing in it was changed."""

AnyRemark: TypeAlias = Remark | WordRemark

REMARKS: dict[str, AnyRemark] = {
    **{remark.value: remark for remark in Remark},
    **{remark.value: remark for remark in WordRemark},
}
"""Every remark by its code."""
