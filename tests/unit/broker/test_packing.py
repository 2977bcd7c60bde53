"""What is put on paper: the released fields in the words of the form, and nothing else."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from brokers import NOON
from packs import FORM as WRITTEN
from packs import with_attachment
from values import BASIS, POLICE, PREVENT, TRUST, a_disclosure, a_read_pack

from broker.domain.directory.profiles import RecipientProfile, SealedAs
from broker.domain.form import FORM, label_of
from broker.domain.model import AttachmentNote
from broker.domain.questions.asked import Ask, InRequest
from broker.packs.attachments import Attachment
from broker.packs.attachments.gate import inspect
from broker.packs.contents import TO_THE_RECIPIENT, Parties, Released, enclosures_of, pack_of
from broker.packs.originals import AS_IT_WAS_SENT, stays_because
from broker.packs.rendering import Enclosure, Entry, PackDocument, Section
from keys import AgencyId, PersonId
from policies import FIELDS

PARTIES = Parties(sender=TRUST, recipient=POLICE, mailbox=PREVENT)
NOTES = [
    *with_attachment("one.txt", "concerns.description"),
    *with_attachment("two.txt", "concerns.description", "needs.health"),
]
CONTENTS: tuple[Attachment, ...] = (inspect("one.txt", b"One."), inspect("two.txt", b"Two."))


HELD_BACK = "Something was held back. Ask Northshire Example NHS Trust if you need more."


def released(*fields: str, obligations: tuple[str, ...] = (), **withheld: str) -> Released:
    reasons = {name.replace("__", "."): reason for name, reason in withheld.items()}
    return Released(fields=frozenset(fields), withheld=reasons, obligations=frozenset(obligations))


def paper(what: Released, **changes: Any) -> PackDocument:
    return pack_of(a_read_pack(**changes), what, a_disclosure(), PARTIES)


def test_a_pack_on_paper_is_the_released_fields_between_the_parties() -> None:
    what = released("individual.name", "dates.noticed", individual__address="Not for this.")

    assert paper(what) == PackDocument(
        reference="PRV-7Q4K-M2XH",
        title="Prevent referral",
        purpose="A practitioner's concern, to be assessed by the police Prevent team",
        basis=(
            "UK GDPR Article 6(1)(e); UK GDPR Article 9(2)(g); "
            "Data Protection Act 2018 Schedule 1 paragraph 6; Made-up Act 2015 s26"
        ),
        sender="Northshire Example NHS Trust",
        recipient="Northshire Example Police, Prevent team",
        created_at=NOON,
        contact=(
            "Ask Northshire Example NHS Trust by telephone, on a number that you already know, "
            "and quote the reference. Do not write about the person by mail."
        ),
        sections=(
            Section(
                title="The individual",
                entries=(
                    Entry(
                        label="Names, and any other names used",
                        value=WRITTEN["individual.name"],
                        note="",
                    ),
                ),
            ),
            Section(
                title="Who noticed and who refers",
                entries=(
                    Entry(
                        label="When the concern first came to light",
                        value="10 March 2026",
                        note="",
                    ),
                ),
            ),
        ),
        held_back=HELD_BACK,
        obligations=(),
    )


def test_a_released_field_that_nobody_filled_in_is_not_on_paper() -> None:
    assert paper(released("needs.health")).sections == ()


def test_the_fields_stand_in_the_order_of_the_form_however_they_were_sent() -> None:
    backwards = dict(reversed(WRITTEN.items()))

    on_paper = paper(released(*WRITTEN), form=backwards)

    labels = [entry.label for section in on_paper.sections for entry in section.entries]
    assert labels == [field.label for field in FORM if field.id in WRITTEN]


@pytest.mark.parametrize("type_", sorted(TO_THE_RECIPIENT))
def test_what_is_asked_of_the_recipient_is_told_to_them(type_: str) -> None:
    said = paper(released("individual.name", obligations=(type_, "guardian-review")))

    assert said.obligations == (TO_THE_RECIPIENT[type_],)


def test_accounts_are_marked_as_reported_where_that_is_asked() -> None:
    said = paper(released("concerns.source", "individual.name", obligations=("label-opinion",)))

    notes = [entry.note for section in said.sections for entry in section.entries]
    assert notes == ["", "Reported to the sender, or hearsay; not seen at first hand."]


def test_an_attachment_leaves_only_if_all_its_fields_do() -> None:
    pack = a_read_pack(attachments=NOTES)

    assert enclosures_of(pack, released("concerns.description"), PARTIES, CONTENTS) == (
        Enclosure(attachment=CONTENTS[0], carries=("The concern, in the referrer's own words",)),
    )


@pytest.mark.parametrize(
    ("what", "said"),
    [
        pytest.param(released("individual.name", needs__health="No."), HELD_BACK, id="a field"),
        pytest.param(released("concerns.description"), HELD_BACK, id="an attachment"),
        pytest.param(released("concerns.description", "needs.health"), "", id="nothing"),
    ],
)
def test_one_sentence_says_that_something_was_held_back_and_only_then(
    what: Released, said: str
) -> None:
    assert paper(what, attachments=NOTES).held_back == said


def test_in_danger_the_concern_and_whom_to_ring_come_first() -> None:
    form = {
        **WRITTEN,
        "concerns.event": "Outside the school with a knife.",
        "referrer.person": "Specimen Teacher, 01632 960 003",
    }

    said = paper(released(*form, obligations=("call-999",)), form=form)

    assert said.alarm == "Immediate danger"
    assert [section.title for section in said.sections] == [
        "The danger, and whom to ring",
        "The individual",
        "The concern",
        "Who noticed and who refers",
    ]
    assert [entry.value for entry in said.sections[0].entries] == [
        "Outside the school with a knife.",
        WRITTEN["concerns.description"],
        "Specimen Teacher, 01632 960 003",
    ]


def test_in_danger_the_call_to_999_is_the_first_thing_that_is_asked() -> None:
    said = paper(released("individual.name", obligations=tuple(sorted(TO_THE_RECIPIENT))))

    assert said.obligations[0] == "The sender was told to ring 999. Check that the call was made."
    assert len(said.obligations) == len(TO_THE_RECIPIENT)


def test_in_danger_nothing_is_put_first_that_was_not_released() -> None:
    said = paper(released("individual.name", obligations=("call-999",)))

    assert [section.title for section in said.sections] == ["The individual"]


def test_without_danger_there_is_no_alarm() -> None:
    assert paper(released("individual.name")).alarm == ""


@pytest.mark.parametrize(
    ("born", "shown"),
    [
        pytest.param("2010-03-16", "16 March 2010 (16 years old)", id="birthday"),
        pytest.param("2010-03-17", "17 March 2010 (15 years old)", id="day before it"),
        pytest.param("2025-03-16", "16 March 2025 (1 year old)", id="one"),
        pytest.param("2025-03-17", "17 March 2025 (less than a year old)", id="baby"),
        pytest.param("2026-03-17", "17 March 2026", id="not born yet"),
        pytest.param("2008-02-29", "29 February 2008 (18 years old)", id="leap day"),
    ],
)
def test_the_age_stands_beside_the_birthday(born: str, shown: str) -> None:
    pack = replace(a_read_pack(), form={"individual.date_of_birth": born})

    said = pack_of(pack, released("individual.date_of_birth"), a_disclosure(), PARTIES)

    assert [entry.value for section in said.sections for entry in section.entries] == [shown]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param(
            {"article_6": "recognised-legitimate-interest", "article_9": "none"},
            "UK GDPR Article 6(1)(ea); Data Protection Act 2018 Schedule 1 paragraph 6; Made-up "
            "Act 2015 s26",
            id="a basis without an article of its own",
        ),
        pytest.param(
            {"article_6": "none", "article_9": "none", "schedule_1": "none", "power": ""},
            "",
            id="none",
        ),
    ],
)
def test_the_legal_basis_is_that_of_the_sender_in_words(
    changes: dict[str, str], said: str
) -> None:
    sender = replace(TRUST, bases={"referral": replace(BASIS, **changes)})
    parties = replace(PARTIES, sender=sender)

    assert pack_of(a_read_pack(), released(), a_disclosure(), parties).basis == said


def test_a_sender_without_a_basis_names_none() -> None:
    parties = replace(PARTIES, sender=replace(TRUST, bases={}))

    assert pack_of(a_read_pack(), released(), a_disclosure(), parties).basis == ""


def test_a_missing_content_is_noticed() -> None:
    with pytest.raises(ValueError, match="shorter"):
        enclosures_of(a_read_pack(attachments=NOTES), released(), PARTIES, CONTENTS[:1])


def test_an_attachment_without_released_fields_stays() -> None:
    note = AttachmentNote(name="one.txt", carries=("record.whole",), why="Asked for.")

    assert released("individual.name").lets_go(note) is False


def test_every_field_of_the_rules_has_words_for_people() -> None:
    assert all(label_of(field)[0].isupper() for field in FIELDS)


def test_a_purpose_without_a_title_of_its_own_says_nothing_wrong() -> None:
    said = pack_of(a_read_pack(), released(), a_disclosure(purpose="not-listed"), PARTIES)

    assert (said.title, said.purpose) == ("Disclosure", "As agreed between sender and recipient")


def test_what_a_decision_releases_is_read_from_its_document() -> None:
    decision = {
        "release": ["individual.name"],
        "withheld": {"needs.health": "Not for this."},
        "obligations": [{"type": "seal", "id": "R34-seal"}],
    }

    assert Released.of(decision) == released(
        "individual.name", obligations=("seal",), needs__health="Not for this."
    )


@pytest.mark.parametrize(
    "document",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"release": "individual.name", "withheld": {}, "obligations": []}, id="text"),
        pytest.param({"release": [], "withheld": [], "obligations": []}, id="list"),
        pytest.param({"release": [], "withheld": {}, "obligations": ["seal"]}, id="bare type"),
    ],
)
def test_what_is_no_decision_releases_nothing(document: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        Released.of(document)


def test_a_question_to_a_partner_says_what_is_asked_and_why_of_them() -> None:
    request = InRequest(
        copy="REQ-7Q4K-M2XH.1",
        officer=PersonId("p-officer"),
        agency=AgencyId("northshire-police"),
        asks=(
            Ask(
                field="needs.health",
                sentence="Does a clinic see him?",
                since=date(2025, 9, 1),
                until=date(2026, 3, 16),
            ),
        ),
        why="A clinic of yours may know him.",
        statement="To screen a referral.",
    )
    asking = replace(a_read_pack(), in_request=request)

    (*_, asked) = pack_of(asking, released("individual.name"), a_disclosure(), PARTIES).sections

    assert asked.title == "What you are asked"
    assert [entry.value for entry in asked.entries] == [
        "To screen a referral.",
        "A clinic of yours may know him.",
        "Does a clinic see him? (from 1 September 2025 to 16 March 2026)",
    ]


def test_an_answer_repeats_no_question() -> None:
    answering = InRequest(
        copy="REQ-7Q4K-M2XH.1",
        officer=PersonId("p-officer"),
        agency=AgencyId("northshire-police"),
    )
    pack = replace(a_read_pack(), in_request=answering)

    document = pack_of(pack, released("individual.name"), a_disclosure(), PARTIES)

    assert [section.title for section in document.sections] == ["The individual"]


AS_SENT = AttachmentNote(
    name="one.txt", carries=("concerns.description",), why="It is evidence.", original=True
)
TAKERS = replace(PARTIES, profile=RecipientProfile(takes_originals=True))


@pytest.mark.parametrize(
    ("note", "parties", "goes"),
    [
        pytest.param(AS_SENT, TAKERS, True, id="asked for, and taken"),
        pytest.param(replace(AS_SENT, original=False), TAKERS, False, id="not asked for"),
        pytest.param(AS_SENT, PARTIES, False, id="not taken there"),
        pytest.param(
            AS_SENT,
            replace(TAKERS, profile=replace(TAKERS.profile, sealed_as=SealedAs.WORD)),
            False,
            id="in a Word file",
        ),
        pytest.param(AS_SENT, replace(TAKERS, recipient=TRUST), False, id="not to the police"),
        pytest.param(
            replace(AS_SENT, carries=("concerns.description", "needs.health")),
            TAKERS,
            False,
            id="more closely protected",
        ),
    ],
)
def test_a_file_goes_as_it_was_sent_only_where_all_allow_it(
    note: AttachmentNote,
    parties: Parties,
    goes: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    pack = a_read_pack(attachments=[note.document()])
    sent_as = replace(CONTENTS[0], content=b"One, and what nobody sees.")

    (enclosure,) = enclosures_of(pack, released(*note.carries), parties, [sent_as])

    assert enclosure.attachment.goes_along == (sent_as.content if goes else CONTENTS[0].content)
    assert (AS_IT_WAS_SENT in enclosure.remarks) is goes
    why = stays_because(note, parties.recipient, parties.profile)
    assert (why is None) is (goes or not note.original)
