"""What the demonstration says at its end: who signs in to the pages, and what to try there."""

from collections.abc import Mapping
from types import MappingProxyType

from broker.cli.output import command, item, say
from broker.operations.demo_people import ADMINISTRATORS, OTHERS, PASSWORD

_TO_TRY: Mapping[str, str] = MappingProxyType(
    {
        "begin": "{pages}/start as nia: press Start, and answer page by page.",
        "ask a lead": 'At "Who has checked this with you?" choose to ask, then Lea Specimen.',
        "a refusal": 'On "What is your worry based on?" leave only lawful views ticked, go to '
        '"Try it first", and read why. Then tick again what was seen.',
        "the lead": 'In a private window, as lea: "Waiting for your check", open it, and answer.',
        "send it": "As nia: go on from your task list to the last page, read it, and send. Choose "
        "the Prevent team: the duty desk takes no mail, and fetches it with a code.",
        "emergency": '{pages}/now, then "I have rung. Send the details": five pages.',
        "the words": 'On "Your referrals": "Ring and read out six words". You play both sides: '
        "the code that they read back to you is the reference, PRV- and so on.",
        "close it": '"They have tried it", then "It has opened": the words are destroyed.',
    }
)


def tell_sign_ins(as_somebody: str, bodies: Mapping[str, str]) -> None:
    """Say with which address, password and code each invented person signs in.

    `as_somebody` begins a command in this home; `bodies` are the names of the bodies.
    """
    say()
    say("== Sign in to the pages")
    for one in (*ADMINISTRATORS, *OTHERS):
        item(one.short, f"{one.name}, {one.role} of {bodies[one.agency]}: {one.address}")
    item("password", f"{PASSWORD} (of everybody)")
    command("app code", f"{as_somebody} demo code nia")


def tell_what_to_try(pages: str) -> None:
    """Say what a newcomer can do in a browser within ten minutes, in its order."""
    say()
    say("== Ten minutes in a browser")
    for what, how in _TO_TRY.items():
        item(what, how.format(pages=pages))
