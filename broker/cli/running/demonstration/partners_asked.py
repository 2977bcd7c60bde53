"""The demonstration of a request: two bodies are asked, one answers in part, one holds nothing."""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from broker.cli.in_words import answer_in_words, share_in_words
from broker.cli.output import item, read_file, say
from broker.cli.running.demonstration.case_system import RunClient
from broker.domain.json_values import as_array, as_object
from broker.domain.roles import Role
from broker.domain.times import uk_day
from broker.operations.demo_home import DemoError

_ROUTE: Final = "/api/v1/requests"
_DAYS_TO_ANSWER: Final = timedelta(days=7)
_A_LIST: Final = {"people": 12, "selector": "list-of-people"}

Call = Callable[[str, str, bytes | None], Mapping[str, object]]
"""Calls a path of the API as somebody, with a body where something is sent."""


def json_headers() -> Mapping[str, str]:
    """Return what goes with a body, and makes each call one of its own."""
    return {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(16)}


def show_partner_requests(examples: Path, call: Call, run_client: RunClient) -> None:
    """Ask two bodies about one invented person, answer, and try what cannot be asked.

    The trust answers through its case system, which is the example client.
    """
    request = json.loads(read_file(examples / "request.json"))
    request["deadline"]["on"] = (uk_day(datetime.now(UTC)) + _DAYS_TO_ANSWER).isoformat()
    say()
    say("== Partners are asked about one person, and answer")
    reference = str(call("officer", _ROUTE, _written(request))["reference"])
    item("asked", f"{reference}, of a school and a trust, each its own questions")
    copies = f"{_ROUTE}/{reference}/copies"
    answer = read_file(examples / "request-answer.json")
    call("school-lead", f"{copies}/1/answer", answer)
    waiting = len(as_array(run_client(Role.LEAD, "inbox")["to_answer"]))
    run_client(Role.LEAD, "answer", f"{reference}.2", str(examples / "request-nothing-held.json"))
    item("by program", f"the trust's case system saw {waiting} waiting, and answered it")
    for line in map(as_object, as_array(call("officer", f"{_ROUTE}/{reference}", None)["copies"])):
        item(str(line["copy"]), answer_in_words(line["answer"]))
    said = as_object(as_array(call("officer", f"{copies}/1", None)["words"])[-1])
    for one in map(as_object, as_array(said["fields"])):
        item(share_in_words(one["share"]), str(one["why"]))
    _try_a_trawl(request, call)


def _try_a_trawl(request: dict[str, object], call: Call) -> None:
    questions = {**as_object(request["questions"]), "scope": _A_LIST}
    try:
        call("officer", _ROUTE, _written({**request, "questions": questions}))
    except DemoError as refusal:
        _, what_is_missing = str(refusal).splitlines()[:2]
        item("a trawl", f"This cannot be asked as it stands: {what_is_missing.removeprefix('- ')}")
        return
    raise DemoError("A list of people was asked about. That should never happen.")


def _written(document: Mapping[str, object]) -> bytes:
    return json.dumps(document).encode()
