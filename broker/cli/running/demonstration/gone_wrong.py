"""The demonstration of what goes wrong: called back, deleted, and its breach record closed."""

from collections.abc import Mapping
from typing import Final

from broker.cli.in_words import spaced
from broker.cli.output import command, item, say
from broker.cli.running.demonstration.people import person_called
from broker.domain.breaches.record import CHOICES, TAKES_A_MOMENT, Cause, Said, Step
from broker.domain.breaches.words import CAUSES, CHOICES_IN_WORDS, KINDS
from broker.domain.references import Reference
from broker.domain.times import uk_day
from broker.ledger.changes.retractions import Answer
from broker.wiring import Services

_WHY: Final = "It was for another team."
_WRITTEN: Final = {
    Step.CERTAIN: "The recipient rang: the team that has it does not work on this.",
    Step.CONTAINED: "They deleted it while we were on the telephone; nobody else had it.",
    Step.RISK: "One officer of another team saw it, who is bound by confidence.",
    Step.REGULATOR: "A risk to people is unlikely, so it need not be reported.",
    Step.PERSON: "The nurse told them what happened, and that it was deleted.",
    Step.LESSON: "Read the reference back before telling the words.",
}
_CHOSEN: Final[Mapping[Step, str]] = {
    Step.CERTAIN: CHOICES[Step.CERTAIN][0],
    Step.RISK: "none",
    Step.REGULATOR: "not-reported",
    Step.PERSON: "told",
}


def show_gone_wrong(services: Services, reference: Reference, as_guardian: str) -> None:
    """Call back what was told to the wrong recipient, and close the record that came of it.

    `reference` is a disclosure of the nurse whose words were told; `as_guardian` is the beginning
    of a command that can be copied.
    """
    nurse, guardian = (person_called(name) for name in ("nurse", "guardian"))
    say()
    say("== One goes to the wrong place, and is called back")
    services.afterwards.recalling.recall(reference, nurse, _WHY, Cause.WRONG_RECIPIENT)
    item("called back", f"{reference}: its mailbox is asked to delete it, and its words are gone")
    services.afterwards.recalling.answered(reference, nurse, Answer.DELETED)
    item("they said", "they deleted it, and every copy")
    (record,) = services.afterwards.breaches.about(reference, guardian)
    item("recorded", f"{record.id}: {KINDS[record.kind]}. {CAUSES[record.cause]}")
    for step, words in _WRITTEN.items():
        choice = _CHOSEN.get(step)
        at = services.clock() if step in TAKES_A_MOMENT else None
        said = Said(step=step, choice=choice, at=at, words=words)
        record = services.afterwards.breaches.write(record.id, said, guardian)
        item(spaced(step), f"{CHOICES_IN_WORDS[step][choice]}. {words}" if choice else words)
    record = services.afterwards.breaches.close(record.id, guardian)
    if record.report_due_at is not None:
        due = uk_day(record.report_due_at).isoformat()
        item("closed", f"by {guardian.id}; a report to the Commissioner would be due by {due}")
    command("for example", f"{as_guardian} breach show {record.id}")
