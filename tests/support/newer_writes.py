"""Newer things that a broker writes, each once: what has to be there before, and the write."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from brokers import NURSE, Clock
from concerns import NO, a_team, begun, put_to, said
from panels import MAY, PAT, panel_of
from referrals import submit

from broker.domain.concerns.concerns import Advice
from broker.domain.references import Reference
from broker.ledger.readings import Entrance
from broker.wiring import Services
from keys import PersonId

WHY: Final = "Their new mailbox takes it now."
OPERATOR: Final = PersonId("p-operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Newer:
    """What stands before a write, which names what it is about, the write, and its last event.

    `keys_gone` counts the keys of cases that end with it.
    """

    before: Callable[[Services, Clock], str]
    write: Callable[[Services, Reference], object]
    event: str
    keys_gone: int = 0


def _a_meeting(services: Services, clock: Clock) -> str:
    panel = panel_of(services, clock)
    return str(panel.asked(panel.called(), PAT, MAY).reference)


def _recalled(services: Services, _: Clock) -> str:
    reference = submit(services, "key-before-anew")
    services.dispatcher.dispatch()
    services.afterwards.recalling.recall(reference, NURSE)
    return str(reference)


def _send_anew(services: Services, first: Reference) -> object:
    anew = services.deliveries.anew
    return anew.send(first, NURSE, WHY, anew.look(first, NURSE, Entrance.API).seen)


def _asked(services: Services, _: Clock) -> str:
    team = a_team(services)
    draft = begun(services, team).row.id
    return str(put_to(services, draft, team).reference)


def _left(services: Services, _: Clock) -> str:
    team = a_team(services)
    draft = begun(services, team).row.id
    asked = put_to(services, draft, team)
    services.concerns.checking.answer(asked.reference, team.lead, said(Advice.EARLY_HELP, NO))
    services.concerns.asking.leave(team.writer, draft)
    return str(asked.reference)


def _tell_of_late(services: Services, _: Reference) -> object:
    clock = services.clock
    assert isinstance(clock, Clock)
    clock.forward(timedelta(days=5))
    return services.concerns.checking.tell_of_late()


NEWER: Final = {
    "a pack asked for": Newer(
        before=_a_meeting,
        write=lambda services, named: services.panels.asking.ask_for(named, MAY),
        event="panel-pack.asked-for",
    ),
    "sent anew": Newer(before=_recalled, write=_send_anew, event="disclosure.renewed"),
    "a case ended": Newer(
        before=_left,
        write=lambda services, named: services.concerns.left.erase(
            str(named), OPERATOR, "request"
        ),
        event="erased",
        keys_gone=1,
    ),
    "told of what is late": Newer(before=_asked, write=_tell_of_late, event="concern.overdue"),
}
