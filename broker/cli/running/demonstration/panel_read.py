"""The demonstration of a panel: a member opens their copy of a pack, and another cannot."""

import json
from pathlib import Path

from broker.cli.output import item, read_file, say
from broker.domain.form import label_of
from broker.domain.json_values import as_object
from broker.domain.panels.meetings import UnknownMeetingError
from broker.ledger.readings import Entrance
from broker.operations.demo_home import DemoError
from broker.operations.demo_panel import STRANGER, call_a_panel
from broker.wiring import Services


def show_panel(services: Services, examples: Path) -> None:
    """Have a council's panel read one pack: a member opens their copy, and another cannot."""
    request, answer = (
        as_object(json.loads(read_file(examples / name)))
        for name in ("request.json", "request-answer.json")
    )
    say()
    say("== A panel reads one pack of what was released to it")
    held = call_a_panel(services, request, answer)
    copy = held.copy
    item("meeting", f"{held.meeting}, its chair and the police of the home area come")
    item("copy", f"{copy.number}, for {copy.name} of {copy.body} alone")
    for one in copy.blocks:
        item("", f"{label_of(one.field)}, from {one.body}: {one.words}")
    try:
        services.panels.copies.open(held.meeting, STRANGER, Entrance.CLI)
    except UnknownMeetingError as refusal:
        item("not asked", f"{STRANGER.id}: {str(refusal).partition('.')[0]}.")
        return
    raise DemoError("Somebody who was not asked opened a copy. That should never happen.")
