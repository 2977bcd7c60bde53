"""What the sender is told of a file that is accepted: what stays behind, or looks different."""

from enum import StrEnum

# Word files


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
    BEHIND = "word-behind"

    @property
    def sentence(self) -> str:
        """What the sender reads."""
        return _WORD_SENTENCES[self]


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
    WordRemark.BEHIND: (
        "Something stands behind the end of this Word file. It stays behind; "
        "only the document goes."
    ),
}
