"""The Guardian's page on a terminal: to whom, what and why, what goes, what they are to settle."""

from collections.abc import Iterable, Iterator, Mapping

from broker.cli.output import item, lines, paragraphs, questions_in_words, say
from broker.disclosures.what_goes import WhatGoes
from broker.domain.grounds import PRINCIPLES, RELATIONS
from broker.domain.json_values import as_array, as_object, is_array, is_object, texts
from broker.domain.model import Pack
from broker.domain.states import WAITING_FOR_A_GUARDIAN
from broker.guardian.referrals import Referral
from broker.packs.contents import label_of

_REASONS = {
    "purpose_statement": "the purpose",
    "necessity": "necessity",
    "proportionality": "proportion",
    "public_interest": "the balance",
}
_NOTHING = "(nothing written)"


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
    item("stands", f"{disclosure.state.value}, judged {disclosure.outcome}")
    if disclosure.due_on is not None:
        item("due", disclosure.due_on.isoformat())
    item("to", f"{referral.recipient.name}, {mailbox.title}")
    item("at", f"{mailbox.address}, telephone {mailbox.telephone}")
    is_verified = mailbox.verified_on is not None
    when = f"by {mailbox.verified_by} on {mailbox.verified_on}" if is_verified else "BY NOBODY YET"
    item("verified", f"{when}, by telephone" if is_verified else when)


def _why_it_is_asked(pack: Pack) -> None:
    say()
    say(f"What is asked, and why: {pack.questions['purpose']}")
    for name, label in _REASONS.items():
        paragraphs(label, _reason_in(pack.questions[name]))
    if pack.again is not None:
        paragraphs("once more", pack.again)


def _pack(pack: Pack) -> None:
    say()
    say("What the pack holds:")
    for field, value in pack.form.items():
        say(f"  {label_of(field)} ({field})")
        paragraphs("", value)
    for note in pack.attachments:
        say(f"  Attachment {note.name}, carrying {', '.join(note.carries)}")
        paragraphs("", note.why)


def what_goes_in_words(referral: Referral) -> None:
    """Print the three blocks: what goes, what stays and why, and what waits for the Guardian."""
    what = referral.approved or referral.decided
    goes = "What would go, if you approve:" if referral.approved else "What goes:"
    release_in_words(what, goes)
    if referral.approved is None:
        return
    open_still = set(referral.approved.because)
    settled = [one for one in referral.decided.because if one not in open_still]
    say("What waits for you:")
    lines("your word", settled)
    lines("answer first", referral.approved.because)
    if open_still:
        say("You cannot approve what nobody knows: ask the sender (broker review ask).")


def release_in_words(what: WhatGoes, heading: str = "What goes:") -> None:
    """Print what goes and what stays, and why."""
    say(heading)
    for field in what.goes:
        item("goes", f"{label_of(field)} ({field})")
    lines("file goes", what.files_go)
    if not what.goes:
        item("goes", "nothing")
    if what.stays or what.files_stay:
        say("What stays, and why:")
    for field, why in what.stays.items():
        item("stays", f"{label_of(field)} ({field}): {why}")
    lines(
        "file stays", (f"{name}: not every field that it carries goes" for name in what.files_stay)
    )


def _answers(referral: Referral) -> None:
    names = {place: name for name, place in referral.rulebook.vocabulary.names.items()}
    say()
    say("What the sender answered:")
    for place, answer in _flat(referral.pack.questions):
        if place.partition(".")[0] not in _REASONS:
            label = names.get(place, place.replace("_", " ").replace(".", ", "))
            say(f"  {label}: {_in_words(answer)}")


def _flat(questions: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in questions.items():
        if is_object(value) and name != "reasons_for_extra_fields":
            yield from ((f"{name}.{inner}", answer) for inner, answer in value.items())
        else:
            yield name, value


def _in_words(answer: object) -> str:
    if answer is None:
        return "not known"
    if is_array(answer):
        return ", ".join(map(_in_words, answer)) or "none"
    if is_object(answer):
        return "; ".join(f"{name}: {value}" for name, value in answer.items()) or "none"
    return str(answer).replace("-", " ") if _is_code(answer) else str(answer) or _NOTHING


def _is_code(answer: object) -> bool:
    return isinstance(answer, str) and answer.replace("-", "").isalpha()


def _words_of_guardians(document: Mapping[str, object]) -> None:
    reviews, opinions = (
        list(map(as_object, as_array(document[name]))) for name in ("reviews", "looked_back")
    )
    if reviews or opinions:
        say()
        say("What Guardians decided, and why:")
    for review in reviews:
        counted = "" if review["counts"] else ", which did not count"
        item("decided", f"{review['verdict']} by {review['by']} on {review['on']}{counted}")
        item("relation", str(review["relation"]))
        if review["left_out"]:
            item("left out", ", ".join(texts(review["left_out"])))
        paragraphs("reason", str(review["reason"]))
    for opinion in opinions:
        item("looked back", f"{opinion['opinion']} by {opinion['by']} on {opinion['on']}")
        paragraphs("reason", str(opinion["reason"]))


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
    say()
    verb = "decide" if waits else "look-back"
    say(f"Next: broker review {verb} {disclosure.reference} --help")


def _meanings(title: str, meanings: Iterable[tuple[str, str]]) -> None:
    say(title)
    for word, meaning in meanings:
        item(word, meaning)


def _reason_in(answer: object) -> str:
    match answer:
        case str():
            return answer or _NOTHING
        case {"reason": str() as reason}:
            return reason or _NOTHING
        case _:
            return _NOTHING
