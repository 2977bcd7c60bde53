"""The Guardian's list on a terminal: what is to be decided, looked back at, and late."""

from collections.abc import Mapping

from audit.format.plurals import counted
from broker.cli.decisions import IN_SHORT
from broker.cli.output import item, say
from broker.domain.json_values import as_array, as_object
from broker.packs.contents import title_of_purpose


def queue_in_words(queue: Mapping[str, object], names: Mapping[str, str]) -> None:
    """Print what a Guardian has before them; `names` are those of the contacts."""
    listed = (
        ("To decide:", "waiting", "state"),
        ("To look back at:", "afterwards", "cause"),
        ("For another Guardian to look back at:", "for_another_guardian", "cause"),
        ("Owed by others, and late:", "overdue_duties", "duty"),
    )
    answers = list(map(as_object, as_array(queue["answers"])))
    if not answers and not any(as_array(queue[name]) for _, name, _ in listed):
        say("Nothing waits.")
        return
    for title, name, what in listed:
        entries = list(map(as_object, as_array(queue[name])))
        if entries:
            say(title)
        for entry in entries:
            item(str(entry["reference"]), _line(entry, str(entry[what]), names))
    if answers:
        say("Answers that share nothing, which chance chose:")
    for entry in answers:
        item(str(entry["copy"]), f"due {entry['due_on']}{_late(entry)}; {entry['answer']}")
    say("Read one: broker review show REFERENCE")


def _line(entry: Mapping[str, object], what: str, names: Mapping[str, str]) -> str:
    to, late = str(entry["recipient"]), _late(entry)
    purpose = title_of_purpose(str(entry["purpose"]))
    return (
        f"due {entry['due_on']}{late}; {IN_SHORT.get(what, what)}; "
        f"{purpose} to {names.get(to, to)}"
    )


def _late(entry: Mapping[str, object]) -> str:
    days = int(str(entry["days_late"]))
    return f", {counted(days, 'day')} late" if days else ""
