"""Where a disclosure stands, told in words; alone, and after a step of its sender."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager

from broker.cli import session
from broker.cli.decisions import decision_in_words
from broker.cli.in_words import outcome_in_words, state_in_words, verdict_in_words, way_in_words
from broker.cli.output import item, lines, paragraphs, say, show
from broker.domain.form import label_of
from broker.domain.json_values import as_array, as_object, texts
from broker.domain.model import Person
from broker.domain.references import Reference, parse_reference
from broker.wiring import Services


@contextmanager
def step_of(reference: str, *, as_json: bool) -> Generator[tuple[Services, Reference, Person]]:
    """Yield what a step of a disclosure needs, and tell where it stands after it."""
    with session.services() as services:
        person, about = session.caller(services), parse_reference(reference)
        yield services, about, person
        told = session.told(services, about, person)
        show(told, as_json=as_json, in_words=lambda: tell_in_words(told))


def body_names(services: Services) -> Mapping[str, str]:
    """Return what each body of the directory is called."""
    return {body.id: body.name for body in services.directory.entries().agencies}


def contact_names(services: Services) -> Mapping[str, str]:
    """Return what each contact of the directory is called: its body and its title."""
    bodies, mailboxes = body_names(services), services.directory.entries().mailboxes
    return {one.id: f"{bodies[one.agency]}, {one.title}" for one in mailboxes}


def tell_in_words(told: Mapping[str, object], *, named: bool = False) -> None:
    """Print what the sender may know of a disclosure; `named` where its reference stands above."""
    if not named:
        say(f"Document {told['reference']}")
    if why := told.get("nothing_new_because"):
        item("again", str(why))
    if told["state"] is None:
        item("next step", str(told["next_step"]))
        item("later", f"broker status {told['reference']}")
        return
    decision = as_object(told["decision"])
    if decision["outcome"] == "emergency" or any(
        as_object(obligation)["type"] == "call-999"
        for obligation in as_array(decision["obligations"])
    ):
        item("DANGER", str(told["in_danger"]))
    item("outcome", outcome_in_words(decision["outcome"]))
    item("now", state_in_words(told["state"]))
    item("next step", str(told["next_step"]))
    if told["due_on"]:
        item("by", str(told["due_on"]))
    _questions_in_words(told)
    reviews_in_words(told)
    files_in_words(told)
    _way_in_words(told)
    decision_in_words(decision)
    unprintable_in_words(told)
    lines("to do", (_duty_in_words(as_object(duty)) for duty in as_array(told["duties"])))
    entries = list(map(str, as_array(told["ledger_entries"])))
    item("ledger", "entries " + ", ".join(entries))
    if told["receipt"] is None:
        item("receipt", "It could not be made just now; what is recorded stands without it.")
    item("receipt", f"broker ledger prove {entries[-1]} --to FILE")


def _way_in_words(told: Mapping[str, object]) -> None:
    lines("LATE", (str(as_object(one)["say"]) for one in as_array(told["late"])))
    if told["is_untried"] and told["state"] == "sent":
        item("untried", "nothing of ours is known to have opened there yet: ring today")
    if told["called_back"] is not None:
        item("called back", f"{told['called_back']}; broker deleted {told['reference']} --answer")
    if told.get("way_out") is None:
        return
    way = as_object(told["way_out"])
    if way["first"] is not None:
        item("first", str(way["first"]))
    item("way", f"{way_in_words(way['way'])}: {way['reason']}")
    if told["is_with_their_server"]:
        item("", "The recipient's mail server confirmed that it took the message.")


def _questions_in_words(told: Mapping[str, object]) -> None:
    asked = list(map(as_object, as_array(told["questions"])))
    for question in asked:
        replied = "you replied" if question["is_replied_to"] else "it waits for your reply"
        item("asked", f"on {question['asked_on']}; {replied}")
    if asked or as_array(told["reviews"]):
        item("read it", f"broker questions {told['reference']}")


def files_in_words(told: Mapping[str, object]) -> None:
    """Print what is said of each attachment: what stays behind, what was changed."""
    lines("files", _remarks(told))


def _remarks(told: Mapping[str, object]) -> Iterator[str]:
    for attachment in map(as_object, as_array(told["attachments"])):
        for remark in map(as_object, as_array(attachment["remarks"])):
            yield f"attachment {attachment['number']}: {remark['say']}"


def unprintable_in_words(told: Mapping[str, object]) -> None:
    """Print what the page of the recipient would show as codes, and what helps."""
    lost = map(as_object, as_array(told["cannot_be_printed"]))
    lines("cannot print", map(_lost_in_words, lost))


def _lost_in_words(one: Mapping[str, object]) -> str:
    lost = ", ".join(texts(one["characters"]))
    return f"{one['label']}: the page shows codes for {lost}. Write it in other letters as well."


def reviews_in_words(told: Mapping[str, object]) -> None:
    """Print what Guardians decided about a disclosure, with their reasons where these are told."""
    for review in map(as_object, as_array(told["reviews"])):
        counted = "" if review["counts"] else ", which does not count; a deputy decides"
        item("Guardian", f"{verdict_in_words(review['verdict'])}, {review['on']}{counted}")
        if review["left_out"]:
            item("left out", ", ".join(map(label_of, texts(review["left_out"]))))
        if review.get("reason") is not None:
            paragraphs("reason", str(review["reason"]))


def _duty_in_words(duty: Mapping[str, object]) -> str:
    when = f"done on {duty['done_on']}" if duty["done_on"] else f"by {duty['due_on']}"
    return f"{duty['say']} ({duty['type']}, {when})"
