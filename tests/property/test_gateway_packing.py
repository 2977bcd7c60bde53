"""Whatever is released of whatever was offered, nothing else comes onto paper or into the pack."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rounds import rounds
from values import POLICE, PREVENT, TRUST, a_disclosure, a_read_pack

from broker.domain.form import FORM, label_of
from broker.domain.model import AttachmentNote, MailboxId, Pack
from broker.packs.attachments import Attachment
from broker.packs.attachments.gate import inspect
from broker.packs.contents import TO_THE_RECIPIENT, Parties, Released, enclosures_of, pack_of
from broker.packs.rendering import PackDocument
from policies import FIELDS

PARTIES = Parties(sender=TRUST, recipient=POLICE, mailbox=PREVENT)
QUESTIONS = a_read_pack().questions

fields = st.frozensets(st.sampled_from(FIELDS))
form_fields = st.frozensets(st.sampled_from([field.id for field in FORM]))
carried = st.lists(st.sampled_from(FIELDS), min_size=1, max_size=4, unique=True)


DAYS = {
    "individual.date_of_birth": ("1901-01-02", "2 January 1901 (125 years old)"),
    "dates.noticed": ("1903-03-04", "4 March 1903"),
}


def written(field: str) -> str:
    return DAYS[field][0] if field in DAYS else canary(field)


def canary(field: str) -> str:
    return DAYS[field][1] if field in DAYS else f"canary of {field}."


def a_pack(offered: frozenset[str], notes: list[list[str]]) -> Pack:
    return Pack(
        recipient=MailboxId("northshire-prevent"),
        form={field: written(field) for field in offered},
        questions=QUESTIONS,
        confirmed=frozenset(),
        attachments=tuple(
            AttachmentNote(name=f"canary-{n}.txt", carries=tuple(carries), why="canary of why.")
            for n, carries in enumerate(notes)
        ),
    )


def contents_of(pack: Pack) -> tuple[Attachment, ...]:
    return tuple(
        inspect(note.name, canary(str(number)).encode())
        for number, note in enumerate(pack.attachments)
    )


def texts_of(document: PackDocument) -> list[str]:
    """Return every text of a document, the labels too."""
    entries = [entry for section in document.sections for entry in section.entries]
    return [
        document.reference,
        document.title,
        document.purpose,
        document.sender,
        document.recipient,
        document.contact,
        *(section.title for section in document.sections),
        *(text for entry in entries for text in (entry.label, entry.value, entry.note)),
        document.held_back,
        document.alarm,
        document.basis,
        *document.obligations,
    ]


@settings(max_examples=rounds(150), deadline=None)
@given(
    offered=form_fields,
    released=fields,
    notes=st.lists(carried, max_size=3),
    obligations=st.frozensets(st.sampled_from(sorted(TO_THE_RECIPIENT))),
)
def test_only_what_was_offered_and_released_is_on_paper(
    offered: frozenset[str],
    released: frozenset[str],
    notes: list[list[str]],
    obligations: frozenset[str],
) -> None:
    pack = a_pack(offered, notes)
    withheld = dict.fromkeys(offered - released, "Not shared for this purpose.")
    what = Released(fields=released, withheld=withheld, obligations=obligations)

    document = pack_of(pack, what, a_disclosure(), PARTIES)

    leaves = sorted(map(canary, offered & released))
    days = {shown for _, shown in DAYS.values()}
    shown = [text for text in texts_of(document) if "canary" in text or text in days]
    assert sorted(shown) == leaves
    stays = withheld or not all(what.lets_go(note) for note in pack.attachments)
    assert (document.held_back != "") == bool(stays)
    own_words = [document.held_back, document.alarm, document.basis, *document.obligations]
    assert [field for field in withheld if label_of(field) in " ".join(own_words)] == []


@settings(max_examples=rounds(100), deadline=None)
@given(released=fields, notes=st.lists(carried, max_size=4))
def test_an_attachment_leaves_if_and_only_if_all_that_it_carries_does(
    released: frozenset[str], notes: list[list[str]]
) -> None:
    pack = a_pack(frozenset({"individual.name"}), notes)
    contents = contents_of(pack)
    what = Released(fields=released, withheld={}, obligations=frozenset())

    leaving = enclosures_of(pack, what, PARTIES, contents)

    assert [one.attachment for one in leaving] == [
        content
        for content, carries in zip(contents, notes, strict=True)
        if all(field in released for field in carries)
    ]


@settings(max_examples=rounds(60), deadline=None)
@given(offered=form_fields, more=fields, fewer=fields)
def test_releasing_more_never_takes_anything_off_the_paper(
    offered: frozenset[str], more: frozenset[str], fewer: frozenset[str]
) -> None:
    pack = a_pack(offered, [])

    def values(released: frozenset[str]) -> set[str]:
        what = Released(fields=released, withheld={}, obligations=frozenset())
        document = pack_of(pack, what, a_disclosure(), PARTIES)
        return {entry.value for section in document.sections for entry in section.entries}

    assert values(more & fewer) <= values(more) <= values(more | fewer)
