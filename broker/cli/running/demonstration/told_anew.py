"""The demonstration of what comes after: a Guardian keeps a field back, a change, a notice."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from broker.cli.in_words import guardian_state_in_words
from broker.cli.output import item, read_file, say
from broker.cli.running.demonstration.partners_asked import Call
from broker.cli.running.demonstration.people import person_called
from broker.domain.directory.backing import Listing
from broker.domain.directory.functions import Function, rules_word
from broker.domain.json_values import as_array, as_object
from broker.domain.model import Mailbox, MailboxId
from broker.domain.partner_requests.notices import KINDS_IN_WORDS, NoticeKind
from broker.domain.times import uk_day

_ROUTE: Final = "/api/v1/requests"
_REGION: Final = MailboxId("regional-prevent-team")
_TRUST: Final = 1
_KEPT: Final = "needs.health"
_REASON: Final = "What the clinic knows of his health does not bear on the recruiter."
_MOVED: Final = "He lives with an aunt in Southshire since Monday."


def region_beside(mailboxes: Iterable[Mailbox]) -> Mailbox:
    """Return the contact of the regional Prevent team, kept by the trust."""
    return replace(
        next(one for one in mailboxes if one.agency == person_called("nurse").agency),
        id=_REGION,
        address="prevent.region@nhs.example",
        title="Regional Prevent team",
        function=rules_word(Function.REGIONAL),
        listing=Listing(kept_as=Function.REGIONAL),
    )


def show_guardian_keeps_a_field(examples: Path, call: Call) -> None:
    """Have the trust share two fields, and its Guardian let one of them go."""
    say()
    say("== A partner's Guardian keeps a field back, with a reason")
    request = as_object(json.loads(read_file(examples / "request.json")))
    answer = as_object(json.loads(read_file(examples / "request-answer.json")))
    whom = {**as_object(request["form"]), "individual.name": "Invented Canary Sam"}
    shared = as_object(as_array(answer["fields"])[0])
    trust = as_object(as_array(request["bodies"])[_TRUST])
    ask = as_object(as_array(trust["asks"])[0])
    event = {**ask, "field": shared["field"], "sentence": "Who came with him to the clinic?"}
    day = uk_day(datetime.now(UTC)).isoformat()
    soon = {**as_object(request["deadline"]), "on": day, "why": "The panel meets today."}
    reference = call(
        "officer",
        _ROUTE,
        _json(
            {
                **request,
                "form": whom,
                "deadline": soon,
                "bodies": [{**trust, "asks": [{**ask, "field": _KEPT}, event]}],
            }
        ),
    )["reference"]
    copy = f"{_ROUTE}/{reference}/copies/1"
    both = [{**shared, "field": _KEPT}, shared]
    answered = call(
        "trust-lead", f"{copy}/answer", _json({**answer, "person": whom, "fields": both})
    )
    sent = as_object(as_object(as_array(answered["copies"])[0])["answer_sent"])
    item("answered", f"{reference}.1 with two fields; {sent['reference']} waits for the Guardian")
    decided = call(
        "guardian",
        f"/api/v1/reviews/{sent['reference']}/decision",
        _json(
            {
                "verdict": "approve-reduced",
                "leave_out": [_KEPT],
                "reason": _REASON,
                "relation": "independent",
                "principles": [3],
            }
        ),
    )
    item("the Guardian", f"lets one go and keeps one: {_REASON}")
    item("it is now", guardian_state_in_words(decided["state"]))


def show_change(call: Call, teacher: str, reference: str) -> None:
    """Tell whoever got a pack that somebody moved, and the region that a panel was told."""
    say()
    say("== Something has changed, and the region hears that something happened")
    told = call(teacher, f"/api/v1/disclosures/{reference}/changes", _json(_CHANGE))
    for one in map(as_object, as_array(told["told"])):
        item("told anew", f"{one['reference']} adds to {reference}: {_MOVED}")
    waiting = call("school-lead", "/api/v1/regional-notices", None)
    for one in map(as_object, as_array(waiting["waiting"])):
        decided = _json({"kind": one["kind"], "told": True})
        call("school-lead", f"/api/v1/regional-notices/{one['about']}", decided)
        kind = KINDS_IN_WORDS[NoticeKind(str(one["kind"]))]
        item("a notice", f"{kind}, of {one['about']}: no name, no word of the matter")
        return


_CHANGE: Final[Mapping[str, object]] = {
    "change": "change/1",
    "what": "moved",
    "statement": {
        "known": "told",
        "source": "his form tutor",
        "on": "2026-11-23",
        "words": _MOVED,
    },
    "form": {"individual.address": "7 Elsewhere Road, Southshire"},
    "questions": {
        "purpose_statement": "The Prevent team looks for him where he no longer is.",
        "danger": "none",
        "check": {"status": "done", "reason": ""},
        "told": {"status": "yes", "telling_raises_risk": "no", "reason": "", "tell_by": None},
        "necessity": {"reason": "They look for him where he no longer is.", "less_would_do": "no"},
        "proportionality": {"reason": "Only where he lives now goes, and who told us."},
    },
}


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document).encode()
