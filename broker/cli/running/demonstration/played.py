"""What invented people do in the demonstration, one after another, and what becomes of it."""

import email
import email.policy
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from audit.log.files import write_durably
from broker.cli.output import command, item, say
from broker.cli.pages.queue import queue_in_words
from broker.cli.running.demonstration.carried import FORMER, show_carried
from broker.cli.running.demonstration.case_system import as_case_system, show_case_system
from broker.cli.running.demonstration.gateway import call, submit, wait_until_sent
from broker.cli.running.demonstration.gone_wrong import show_gone_wrong
from broker.cli.running.demonstration.panel_read import show_panel
from broker.cli.running.demonstration.partners_asked import json_headers, show_partner_requests
from broker.cli.running.demonstration.portal_fetched import DESK, show_portal
from broker.cli.running.demonstration.samples import ABOUT_ANOTHER, sent_elsewhere, written_anew
from broker.cli.running.demonstration.second_concern import show_second_concern
from broker.cli.running.demonstration.told_anew import show_change, show_guardian_keeps_a_field
from broker.cli.standing import tell_in_words
from broker.domain.json_values import as_array, as_object
from broker.domain.references import parse_reference
from broker.operations.demo_home import PEOPLE
from broker.packs.opening import open_sealed
from broker.settings import Settings
from broker.wiring import assemble

SENDERS: Mapping[str, str] = {
    "1-permitted": "teacher",
    "2-withheld": "teacher",
    "3-refused": "nurse",
    "4-referred": "nurse",
    "5-emergency": "nurse",
}
"""Who sends each sample pack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A sample pack, who sent it, and what the gateway told of it last."""

    name: str
    sender: str
    told: Mapping[str, object]


def play(
    settings: Settings,
    examples: Path,
    address: str,
    tokens: Mapping[str, str],
    names: Mapping[str, str],
) -> None:
    """Do what invented people would do with the gateway at an address, one after another."""
    references: dict[str, str] = {}
    for name, sender in SENDERS.items():
        told = submit(address, tokens[sender], examples / f"{name}.json")
        told = wait_until_sent(address, tokens[sender], told)
        references[name] = str(told["reference"])
        submitted = Submitted(name=name, sender=sender, told=told)
        _tell(settings, submitted, names)
        if told["state"] == "sent":
            _play_the_call(settings, address, tokens[sender], submitted)
    queue = call(f"{address}/api/v1/reviews", tokens["guardian"])
    _tell_guardian(settings, queue, names)
    show_second_concern(
        examples / "4-referred.json",
        settings.home / "second-concern",
        lambda pack: submit(address, tokens["nurse"], pack),
        lambda path: call(f"{address}{path}", tokens["guardian"]),
        begun_as(settings, "guardian"),
    )
    run_client = as_case_system(settings.home, examples, address)
    show_case_system(examples / "3-refused.json", run_client)
    call_as = partial(_call_as, address, tokens)
    show_partner_requests(examples, call_as, run_client)
    show_guardian_keeps_a_field(examples, call_as)
    show_change(call_as, "teacher", references["1-permitted"])
    _show_portal(settings, address, tokens["teacher"], examples / "2-withheld.json")
    astray = _tell_one_astray(
        address,
        tokens["nurse"],
        written_anew(
            examples / "5-emergency.json",
            settings.home / "astray.json",
            ABOUT_ANOTHER,
        ),
    )
    as_teacher = (address, tokens["teacher"])
    lost = sent_elsewhere(settings.home, as_teacher, FORMER, examples / "1-permitted.json")
    services = assemble(settings)
    try:
        show_panel(services, examples)
        show_gone_wrong(services, parse_reference(astray), begun_as(settings, "guardian"))
        show_carried(services, parse_reference(lost), "teacher")
    finally:
        services.close()


def _call_as(
    address: str, tokens: Mapping[str, str], who: str, path: str, body: bytes | None
) -> Mapping[str, object]:
    """Call a path of the API as somebody, by the short name that their command has."""
    headers = json_headers() if body else None
    return call(f"{address}{path}", tokens[who], body, headers)


def _tell(settings: Settings, submitted: Submitted, names: Mapping[str, str]) -> None:
    _, agency, _ = PEOPLE[submitted.sender]
    say()
    say(f"== {submitted.name}, sent by the {submitted.sender} of {names[agency]}")
    tell_in_words(submitted.told)
    if submitted.told["state"] == "sent":
        item("message", short(settings.home / "received" / f"{submitted.told['reference']}.eml"))


def _play_the_call(settings: Settings, address: str, token: str, submitted: Submitted) -> None:
    """Ring the recipient as the sender would, and open the document as the recipient would."""
    reference, sender = str(submitted.told["reference"]), submitted.sender
    told = _handed_over(address, token, reference)
    passphrase = str(told["passphrase"])
    item("the call", f"{told['telephone']}: {passphrase}")
    message = (settings.home / "received" / f"{reference}.eml").read_bytes()
    parsed = email.message_from_bytes(message, policy=email.policy.default)
    (sealed,) = parsed.iter_attachments()
    opened = open_sealed(sealed.get_content(), passphrase)
    folder = settings.home / "opened"
    folder.mkdir(mode=0o700, exist_ok=True)
    document = folder / f"{reference}.pdf"
    write_durably(document, opened.pdf)
    item("opened", f"{short(document)}, as the recipient sees it once the words were told")
    for number, page in enumerate(opened.pages, start=1):
        picture = folder / f"{reference}-{number}.png"
        write_durably(picture, page)
        item("" if number > 1 else "as pictures", short(picture))
    command("they opened it", f"{begun_as(settings, sender)} acknowledge {reference}")


def _handed_over(address: str, token: str, reference: str) -> Mapping[str, object]:
    """Return the words of a sent document and whom to ring, as its sender has them shown."""
    path = f"{address}/api/v1/disclosures/{reference}/handover"
    return call(path, token, b"{}", {"Content-Type": "application/json"})


def _tell_one_astray(address: str, token: str, sample: Path) -> str:
    """Send a pack and tell its words, and return which one that is."""
    told = wait_until_sent(address, token, submit(address, token, sample))
    reference = str(told["reference"])
    _handed_over(address, token, reference)
    return reference


def _show_portal(settings: Settings, address: str, token: str, sample: Path) -> None:
    """Send a sample to a contact that takes no encrypted mail, and fetch it as its reader."""
    show_portal(
        sent_elsewhere(settings.home, (address, token), DESK, sample),
        settings.home / "received",
        lambda to, body: call(
            f"{address}/api/v1/disclosures/{to}", token, body, json_headers() if body else None
        ),
    )


def _tell_guardian(
    settings: Settings, queue: Mapping[str, object], names: Mapping[str, str]
) -> None:
    _, agency, _ = PEOPLE["guardian"]
    say()
    say(f"== Before a Caldicott Guardian of {names[agency]}")
    queue_in_words(queue, names)
    for waiting in map(as_object, as_array(queue["waiting"])):
        command(
            "for example", f"{begun_as(settings, 'guardian')} review show {waiting['reference']}"
        )
    item("in a browser", "sign in as gus or gwen, who decide it at /reviews")


def begun_as(settings: Settings, name: str) -> str:
    """Return the beginning of a command that can be copied and run as somebody."""
    return shlex.quote(short(settings.home / f"as-{name}"))


def short(path: Path) -> str:
    """Return a path from here where it lies below, whole where it does not."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
