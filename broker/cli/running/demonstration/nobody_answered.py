"""The demonstration of a question that nobody answers: it climbs to people, and nothing else."""

import json
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Final

from broker.cli.output import item, read_file, say
from broker.cli.running.demonstration.people import person_called
from broker.disclosures.step_keys import key_of_step
from broker.domain.directory.backing import Listing
from broker.domain.directory.functions import Function, rules_word
from broker.domain.json_values import as_array, as_object
from broker.domain.model import Agency, Mailbox, MailboxId
from broker.domain.partner_requests.copies import LATE_IN_WORDS
from broker.domain.times import uk_day
from broker.intake.request_documents import read_request
from broker.operations.demo_people import ICB
from broker.operations.installation import initialise
from broker.registers.directory import Entries
from broker.settings import Settings
from broker.wiring import Services

_ASKED: Final = timedelta(days=11)
_DUE: Final = timedelta(days=4)
_CLIMBS: Final = (timedelta(days=6), timedelta(days=3), timedelta(days=1))
"""How long ago it was asked and was due, and how long ago each day was on which it climbed."""

_NOTICES: Final = "notice-*.eml"


@dataclass(slots=True)
class _Clock:
    """Says how long ago it is told."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def icb_beside(agencies: Iterable[Agency], mailboxes: Iterable[Mailbox]) -> Entries:
    """Return an integrated care board and the contact of its lead, made like those of the NHS."""
    body = next(one for one in agencies if one.kind == "nhs")
    contact = next(one for one in mailboxes if one.agency == body.id)
    return Entries(
        agencies=(replace(body, id=ICB, name="Northshire Example Integrated Care Board"),),
        mailboxes=(
            replace(
                contact,
                id=MailboxId("northshire-icb-lead"),
                agency=ICB,
                address="prevent.lead@northshire-icb.example",
                telephone="01632 960 009",
                title="Prevent lead",
                function=rules_word(Function.ICB_LEAD),
                listing=Listing(kept_as=Function.ICB_LEAD),
            ),
        ),
    )


def show_nobody_answered(
    settings: Settings, examples: Path, prepare: Callable[[Services, Path], None]
) -> None:
    """Have a school asked eleven days ago, and every day since pass without an answer.

    Once, in a home where nothing was done yet; `prepare` enters the directory and the people.
    """
    if (settings.home / "broker.db").exists():
        return
    today = datetime.now(UTC)
    clock = _Clock(today - _ASKED)
    with closing(initialise(settings, clock=clock)) as services:
        prepare(services, examples)
        say("== A question that nobody answered, as of some days ago")
        item("asked", f"{_ask(services, examples, today)}, of a school, seven days to answer")
        for ago in _CLIMBS:
            clock.now = today - ago
            heard = _chased(services)
            (line,) = services.partner_requests.views.put_by_us(person_called("officer"))
            said = LATE_IN_WORDS[line.lateness]
            item(f"{uk_day(clock.now)}", f"{said}; hears by mail: {', '.join(heard) or 'nobody'}")
        item("and then", "nothing: no clock answers for anybody, sends, or closes")


def _chased(services: Services) -> list[str]:
    """Chase what is due, and return the address of each notice that went for it."""
    before = set(services.home.pickup.glob(_NOTICES))
    services.partner_requests.chasing.chase()
    new = set(services.home.pickup.glob(_NOTICES)) - before
    return sorted(str(message_from_bytes(path.read_bytes())["To"]) for path in new)


def _ask(services: Services, examples: Path, today: datetime) -> str:
    """Put the sample request to the school alone, as it would have been put on its day."""
    request = as_object(json.loads(read_file(examples / "request.json")))
    asked_on = uk_day(services.clock())
    school = as_object(as_array(request["bodies"])[0])
    asks = [{**as_object(ask), "until": asked_on.isoformat()} for ask in as_array(school["asks"])]
    body = json.dumps(
        {
            **request,
            "form": {
                **as_object(request["form"]),
                "individual.name": "Invented Canary Lou",
            },
            "deadline": {
                **as_object(request["deadline"]),
                "on": uk_day(today - _DUE).isoformat(),
            },
            "bodies": [{**school, "asks": asks}],
        }
    ).encode()
    vocabulary = services.rulebooks.in_force().vocabulary
    key = key_of_step(services.idempotency, "demonstration", "request", body.hex())
    wanted = read_request(body, vocabulary, asked_on)
    return str(services.partner_requests.asking.issue(wanted, person_called("officer"), key))
