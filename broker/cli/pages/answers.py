"""What a Guardian is shown and says on a terminal of answers that share nothing."""

from broker.cli import session
from broker.cli.output import item, lines, say, show
from broker.domain.grounds import Opinion
from broker.domain.json_values import as_array, as_object, text
from broker.domain.partner_requests.copies import CopyName
from broker.domain.references import Prefix
from broker.ledger.readings import Entrance


def is_copy(reference: str) -> bool:
    """Say whether a reference names the copy of a request."""
    return reference.strip().upper().startswith(f"{Prefix.REQUEST}-")


def show_answer(reference: str, *, as_json: bool) -> None:
    """Show what was asked, and how the Guardian's body answered; it is recorded."""
    with session.services() as services:
        guardian = session.caller(services)
        name = CopyName.read(reference)
        content = services.partner_requests.hindsight.show(name, guardian, Entrance.CLI)
    document = content.document()

    def in_words() -> None:
        say(f"Request {name}")
        item("from", content.line.asking)
        item("answered", str(document["answer"]))
        for asked in content.asks:
            item("they asked", asked.sentence)
        for said in content.words:
            if said["what"] == "answered":
                whys = (text(as_object(one)["why"]) for one in as_array(said["fields"]))
                lines("why", [one for one in (text(said["text"]), *whys) if one])
        say("Next: broker review look-back")

    show(document, as_json=as_json, in_words=in_words)


def look_back_at_answer(reference: str, opinion: Opinion, *, as_json: bool) -> None:
    """Record what the Guardian thinks of an answer."""
    with session.services() as services:
        guardian = session.caller(services)
        name = CopyName.read(reference)
        looked_at = services.partner_requests.hindsight.look_back(name, guardian, opinion)

    def in_words() -> None:
        say(f"Request {name}")
        item("recorded", f"{opinion.view} (chance chose it)")

    told = {**looked_at.document(), "opinion": opinion.view}
    show(told, as_json=as_json, in_words=in_words)
