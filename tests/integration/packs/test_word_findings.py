"""The inputs that real use brought to light, with what is right for each."""

import pytest
from word_packages import FINDINGS

from broker.packs.attachments import AttachmentRefusedError, Reason
from broker.packs.attachments.remarks import WordRemark
from broker.packs.attachments.word import examine
from broker.packs.attachments.word.readings import WordReading

LETTER = (
    "Example Lane School\nDear colleague,\n"
    "Tam Specimen was seen on 10 November 2026.\nYours, A. Invented"
)


def read(name: str) -> WordReading:
    return examine((FINDINGS / f"doc-{name}.docx").read_bytes())


@pytest.mark.parametrize(
    "name",
    [
        "00-plain-letter",
        "01-strict-open-xml",
        "02-main-part-renamed",
        "03-fonts-as-ttf",
        "12-empty-comments-part",
        "13-letter-template-on-own-disk",
        "15-printer-settings",
        "17-unused-hiding-style-in-spare-styles",
        "17-unused-hiding-style-in-styles",
        "21-hidden-paragraph-mark",
    ],
)
def test_an_ordinary_letter_is_read_and_nothing_needs_saying(name: str) -> None:
    reading = read(name)

    assert (reading.text, reading.pictures, reading.remarks) == (LETTER, (), ())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "04-old-form-ticks-and-lists",
            (
                "Child's name: Tam Specimen\n"
                "Parents know of this referral: Yes [ ]  No [x]\n"
                "Weapons seen: Yes [x]  No [ ]\n"
                "Level of risk: High"
            ),
        ),
        (
            "05-ticks-as-wingdings",
            "Parents know of this referral: [ ] Yes   [x] No\nWeapons seen: [x] Yes   [ ] No",
        ),
        ("06-ticks-as-content-controls", "Parents know: [ ] Yes [x] No"),
        (
            "07-struck-out-choice",
            (
                "Parental consent was [struck out: given /] refused\n"
                "The child is [struck out: at risk of serious harm /] safe with the grandmother\n"
                "He [struck out: did not] see the weapon"
            ),
        ),
        ("08-counted-list", "1. Tell the mother.\n2. Tell the school.\n3. Do not do 1 before 2."),
        (
            "09-table-and-header",
            (
                "[Header] (on no page)\nNorthshire Confidential\n\n"
                "Date | What was seen | By whom\n"
                "10 November 2026 | A leaflet | A. Invented\n"
                "12 November 2026 |  | B. Invented\n"
                "End of the table"
            ),
        ),
        ("10-text-box", "[Text box: Mother's wish: do not ring before noon]"),
        (
            "11-family-tree-as-smartart",
            "The family:\n[Diagram:\nMother: Pat Specimen\nUncle: holds the key\nSister: aged 9]",
        ),
        ("11-formula", "Dose given: [formula: 5 mg \N{MULTIPLICATION SIGN} 3] daily"),
        ("14-telephone-link", f"01632 960 003\n{LETTER}"),
        (
            "25-footnote",
            (
                "Bruises on both arms[footnote 1] were seen.\n\n"
                "[Footnotes]\n[footnote 1] Seen by the nurse, not by the doctor."
            ),
        ),
        (
            "26-emoji-from-word",
            "He wrote to her: tomorrow \N{HOCHO}\N{BOMB} at school",
        ),
        ("27-choice-as-content-control", "Level of risk: High\nSeen on 10 November 2026"),
    ],
)
def test_what_the_page_shows_is_said_in_words(name: str, expected: str) -> None:
    reading = read(name)

    assert (reading.text, reading.remarks) == (expected, ())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("01-strict-with-what-the-gate-refuses", Reason.TRACKED),
        ("13-counter-template-on-the-web", Reason.EXTERNAL),
        ("18-hidden-by-inherited-style", Reason.HIDDEN),
    ],
)
def test_what_its_writer_must_decide_about_is_refused(name: str, reason: Reason) -> None:
    with pytest.raises(AttachmentRefusedError) as caught:
        read(name)

    assert caught.value.reason is reason


def test_a_letter_that_is_only_a_scan_gives_the_scan() -> None:
    reading = read("19-only-a-scanned-picture")

    assert reading.text == "[Picture 1]"
    assert [one[:2] for one in reading.pictures] == [b"\xff\xd8"]


@pytest.mark.parametrize(
    "name", ["16-picture-jfif", "20-control-place-in-photo", "20-place-in-photo-elsewhere"]
)
def test_a_picture_that_stands_on_no_page_stays_behind_and_is_named(name: str) -> None:
    reading = read(name)

    assert (reading.text, reading.pictures) == (LETTER, ())
    assert reading.remarks == (WordRemark.PICTURE_UNPLACED,)


def test_what_stands_behind_the_end_stays_behind_and_is_named() -> None:
    reading = read("22-zip-comment")

    assert (reading.text, reading.remarks) == (LETTER, (WordRemark.BEHIND,))
