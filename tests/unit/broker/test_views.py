"""What is told about a disclosure, whole."""

from dataclasses import replace
from datetime import date

import pytest
from brokers import NOON, NURSE
from values import PREVENT, REFERENCE, a_decision, a_disclosure, a_read_pack

from broker.delivery.ways_out import Way, WayOut
from broker.disclosures import views
from broker.domain.judgement import Judgement, JudgementRequest
from broker.domain.model import Duty, Handover
from broker.domain.states import NEXT_STEPS, State
from broker.packs.attachments import Kind, Remark
from broker.packs.attachments.case_parts import AttachmentSummary
from broker.packs.unprintable import Unprintable

HANDOVER = Handover(
    reference=REFERENCE,
    telephone="01632 960 001",
    passphrase="made-up",
    spelled=(("made", "Mike Alfa Delta Echo"), ("up", "Uniform Papa")),
    revealed_before=False,
)


def test_every_state_has_its_next_step() -> None:
    assert set(NEXT_STEPS) == set(State)


def test_a_sender_is_told_everything_and_999_whatever_the_state() -> None:
    view = views.DisclosureView(
        disclosure=a_disclosure(state=State.SENT, sealed_sha256="ab" * 32),
        decision={"outcome": "permit"},
        unprintable=(Unprintable(field="individual.name", characters=("U+10082 MADE UP",)),),
        duties=(Duty(type="confirm-receipt", due_on=date(2026, 3, 17), done_on=None),),
        sentences={"confirm-receipt": "Ask the recipient."},
        questions=(),
        reviews=(),
        attachments=(
            AttachmentSummary(number=1, kind=Kind.TXT, size=5, remarks=(Remark.CONVERTED,)),
        ),
        entries=(3, 4),
        receipt="c2sp.org/tlog-proof@v1 made up",
        way_out=WayOut(way=Way.SEALED_MAIL, reason="Their mail is not secure."),
        is_with_their_server=True,
    )

    assert view.document() == {
        "reference": "PRV-7Q4K-M2XH",
        "state": "sent",
        "next_step": "Ring the recipient on the directory's number and hand over the passphrase.",
        "in_danger": views.EMERGENCY,
        "purpose": "referral",
        "recipient": "northshire-prevent",
        "created_at": "2026-03-16T12:00:00.000000Z",
        "changed_at": "2026-03-16T12:00:00.000000Z",
        "due_on": None,
        "sealed_sha256": "ab" * 32,
        "late": [],
        "decision": {"outcome": "permit"},
        "cannot_be_printed": [
            {
                "field": "individual.name",
                "label": "Names, and any other names used",
                "characters": ["U+10082 MADE UP"],
            }
        ],
        "questions": [],
        "reviews": [],
        "attachments": [
            {
                "number": 1,
                "kind": "txt",
                "size": 5,
                "remarks": [{"code": "converted", "say": Remark.CONVERTED.sentence}],
            }
        ],
        "duties": [
            {
                "type": "confirm-receipt",
                "say": "Ask the recipient.",
                "due_on": "2026-03-17",
                "done_on": None,
                "calendar": None,
                "given_up": False,
            }
        ],
        "ledger_entries": [3, 4],
        "way_out": {"way": "sealed-mail", "reason": "Their mail is not secure.", "first": None},
        "page": None,
        "called_back": None,
        "sent_again_as": None,
        "is_untried": False,
        "is_with_their_server": True,
        "receipt": "c2sp.org/tlog-proof@v1 made up",
    }


def test_a_preview_says_that_nothing_was_kept_and_what_the_page_lacks() -> None:
    decision = a_decision()
    form = {"individual.name": "ਗੁਰਪ੍ਰੀਤ 𐂂", "individual.gender": "Kobieta, żona"}
    judgement = Judgement(
        asked=JudgementRequest(pack=a_read_pack(form=form), person=NURSE, at=NOON),
        facts={},
        decision=decision,
        unkept={},
        duties=(),
        fingerprint=b"",
        mailbox=PREVENT,
    )

    assert views.preview_document(judgement, waits_for_nobody=False) == {
        "kept": False,
        "next_step": None,
        "in_danger": views.EMERGENCY,
        "decision": decision.document(),
        "cannot_be_printed": [
            {
                "field": "individual.name",
                "label": "Names, and any other names used",
                "characters": ["U+10082 LINEAR B IDEOGRAM B104 DEER"],
            }
        ],
    }


def test_a_handover_is_a_number_the_words_and_how_to_read_them_out() -> None:
    document = views.handover_document(HANDOVER)

    script = document.pop("script")
    assert document == {
        "reference": "PRV-7Q4K-M2XH",
        "telephone": "01632 960 001",
        "passphrase": "made-up",
        "spelled": [
            {"word": "made", "spelling": "Mike Alfa Delta Echo"},
            {"word": "up", "spelling": "Uniform Papa"},
        ],
        "revealed_before": False,
    }
    assert "made-up" not in str(script)


def test_a_handover_does_not_show_its_words_by_accident() -> None:
    assert repr(HANDOVER) == "Handover(reference=PRV-7Q4K-M2XH)"


@pytest.mark.parametrize("state", [State.DECIDED, State.SEALED, State.SENDING, State.DEFERRED])
def test_the_sender_of_an_emergency_is_never_told_that_there_is_nothing_to_do(
    state: State,
) -> None:
    emergency = a_disclosure(state=state, outcome="emergency")

    assert views.next_step_of(emergency) == views.TELL_IT_NOW
    assert views.next_step_of(replace(emergency, outcome="permit")).startswith("Nothing to do now")


def test_a_list_has_a_line_for_each() -> None:
    two = (
        a_disclosure(),
        a_disclosure(state=State.REFERRED, outcome="refer", due_on=date(2026, 3, 17)),
    )

    assert views.disclosures_document(two) == {
        "disclosures": [
            {
                "reference": "PRV-7Q4K-M2XH",
                "state": "decided",
                "outcome": "permit",
                "purpose": "referral",
                "created_at": "2026-03-16T12:00:00.000000Z",
                "due_on": None,
                "next_step": "Nothing to do now: the pack is being sealed and sent.",
            },
            {
                "reference": "PRV-7Q4K-M2XH",
                "state": "referred",
                "outcome": "refer",
                "purpose": "referral",
                "created_at": "2026-03-16T12:00:00.000000Z",
                "due_on": "2026-03-17",
                "next_step": "Your Caldicott Guardian decides. Nothing was sent.",
            },
        ]
    }
