"""The Guardian's page on a terminal: to whom, what and why, what goes, what they are to settle."""

from collections.abc import Iterable, Mapping

from broker.cli.in_words import guardian_state_in_words, outcome_in_words, spaced, verdict_in_words
from broker.cli.output import item, lines, paragraphs, questions_in_words, say
from broker.domain.form import label_of
from broker.domain.grounds import PRINCIPLES, RELATIONS
from broker.domain.json_values import as_array, as_object, texts
from broker.domain.model import Pack
from broker.domain.states import WAITING_FOR_A_GUARDIAN
from broker.guardian.answers import answers_of, reasons_of
from broker.guardian.columns import Columns, columns_of
from broker.guardian.public_interest import DECIDED_BY, PARTS
from broker.guardian.referral import Referral
from broker.packs.contents import title_of_purpose


def referral_in_words(referral: Referral, document: Mapping[str, object]) -> None:
    """Print a referral, before or after it was decided, as its Guardian reads it."""
    _head(referral)
    _why_it_is_asked(referral.pack)
    _pack(referral.pack)
    say()
    what_goes_in_words(referral)
    _answers(referral)
    if referral.questions:
        say()
        say("What was asked, and the replies:")
        questions_in_words(document)
    _words_of_guardians(document)
    say()
    say("What the rules say as it stands, and each rule that applied with its law:")
    for line in referral.explanation.splitlines():
        say(line)
    _what_comes_next(referral)


def _head(referral: Referral) -> None:
    disclosure, mailbox = referral.disclosure, referral.mailbox
    say(f"Document {disclosure.reference}, submitted by {disclosure.requester}")
    item("stands", guardian_state_in_words(disclosure.state))
    item("the rules say", outcome_in_words(disclosure.outcome))
    if disclosure.due_on is not None:
        item("due", disclosure.due_on.isoformat())
    item("to", f"{referral.recipient.name}, {mailbox.title}")
    item("at", f"{mailbox.address}, telephone {mailbox.telephone}")
    is_verified = mailbox.verified_on is not None
    when = f"by {mailbox.verified_by} on {mailbox.verified_on}" if is_verified else "BY NOBODY YET"
    item("verified", f"{when}, by telephone" if is_verified else when)


def _why_it_is_asked(pack: Pack) -> None:
    say()
    say(f"What is asked, and why: {title_of_purpose(str(pack.questions['purpose']))}")
    for said in reasons_of(pack):
        say(f"  {said.about}")
        paragraphs("", said.answer)


def _pack(pack: Pack) -> None:
    say()
    say("What the pack holds:")
    for field, value in pack.form.items():
        say(f"  {label_of(field)} ({field})")
        paragraphs("", value)
    for note in pack.attachments:
        say(f"  Attachment {note.name}, carrying {'; '.join(map(label_of, note.carries))}")
        paragraphs("", note.why)


def what_goes_in_words(referral: Referral) -> None:
    """Print the three blocks: what goes, what stays and why, and what waits for the Guardian."""
    columns = columns_of(referral)
    _release_in_words(columns)
    if not columns.is_open:
        return
    say("What waits for you:")
    lines("your word", columns.your_word)
    lines("answer first", columns.answer_first)
    if columns.answer_first:
        say("You cannot approve what nobody knows: ask the sender (broker review ask).")


def _release_in_words(columns: Columns) -> None:
    say("What would go, if you approve:" if columns.is_open else "What goes:")
    for field in columns.goes:
        item("goes", f"{label_of(field)} ({field})")
    lines("file goes", columns.files_go)
    if not columns.goes:
        item(
            "goes", "nothing until the sender has answered" if columns.answer_first else "nothing"
        )
    if columns.stays or columns.files_stay:
        say("What stays, and why:")
    for field, why in columns.stays.items():
        item("stays", f"{label_of(field)} ({field}): {why}")
    lines(
        "file stays",
        (f"{name}: not every field that it carries goes" for name in columns.files_stay),
    )


def _answers(referral: Referral) -> None:
    say()
    say("What the sender answered:")
    for group in answers_of(referral.pack):
        say(f"  {group.title}")
        for said in group.answers:
            say(f"    {said.about}: {said.answer}")


def _words_of_guardians(document: Mapping[str, object]) -> None:
    reviews, opinions = (
        list(map(as_object, as_array(document[name]))) for name in ("reviews", "looked_back")
    )
    if reviews or opinions:
        say()
        say("What Guardians decided, and why:")
    for review in reviews:
        counted = "" if review["counts"] else ", which did not count"
        who = f"by {review['by']} on {review['on']}"
        item("decided", f"{verdict_in_words(review['verdict'])} ({who}){counted}")
        item("relation", spaced(review["relation"]))
        if review["left_out"]:
            item("left out", ", ".join(map(label_of, texts(review["left_out"]))))
        paragraphs("reason", str(review["reason"]))
        weighed = as_object(review["public_interest"])
        for part, label in PARTS.items():
            if part in weighed:
                say(f"  {label}")
                paragraphs("", str(weighed[part]))
    for opinion in opinions:
        item("looked back", f"{opinion['opinion']} by {opinion['by']} on {opinion['on']}")
        paragraphs("reason", str(opinion["reason"]))
        if opinion.get("learning"):
            paragraphs("learning", str(opinion["learning"]))


def _what_comes_next(referral: Referral) -> None:
    disclosure = referral.disclosure
    waits = disclosure.state in WAITING_FOR_A_GUARDIAN
    if not waits and not referral.looks_back:
        say()
        say("Nothing waits for you here: this is for reading.")
        return
    say()
    _meanings("Your relation to it (--relation):", RELATIONS.items())
    _meanings(
        "The Caldicott Principles; name those that your decision rests on (--principle):",
        ((str(number), words) for number, words in PRINCIPLES.items()),
    )
    if waits and referral.against_a_no:
        _meanings(
            "An adult said no. If it goes all the same, write a text for each of these into one "
            "JSON file (--public-interest-file):",
            ((part, words) for part, words in PARTS.items() if part != DECIDED_BY),
        )
    say()
    verb = "decide" if waits else "look-back"
    say(f"Next: broker review {verb} {disclosure.reference} --help")


def _meanings(title: str, meanings: Iterable[tuple[str, str]]) -> None:
    say(title)
    for word, meaning in meanings:
        item(word, meaning)
