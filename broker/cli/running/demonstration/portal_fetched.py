"""The demonstration of the portal: a page, a code told by telephone, the document, a reply."""

import email
import email.policy
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Final

from audit.format.plurals import counted
from broker.cli.output import item, say
from broker.cli.running.demonstration.gateway import CALL_SECONDS
from broker.domain.json_values import as_array, as_object
from broker.domain.model import Mailbox, MailboxId
from broker.operations.demo_home import DemoError

DESK: Final = "northshire-prevent-desk"
_READER: Final = "Duty officer"
_REPLY: Final = "We have it, and work on it today. Thank you."
_HIDDEN: Final = re.compile(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"')

Call = Callable[[str, bytes | None], Mapping[str, object]]
"""Calls a path below `/api/v1/disclosures/` as the sender, with JSON where something is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A browser of somebody without an account, at the page whose address was mailed."""

    address: str
    browser: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        )
    )

    def send(self, step: str, to: str | None = None, **typed: str) -> bytes:
        """Open a page of it, and send its form with what is typed; returns what comes back."""
        hidden = _HIDDEN.findall(self._opened(f"{self.address}{step}").decode())
        content = urllib.parse.urlencode({**dict(hidden), **typed}).encode("ascii")
        return self._opened(f"{self.address}{step if to is None else to}", content)

    def _opened(self, address: str, content: bytes | None = None) -> bytes:
        with self.browser.open(address, content, timeout=CALL_SECONDS) as answer:
            found: bytes = answer.read()
        return found


def desk_beside(mailbox: Mailbox) -> Mailbox:
    """Return a contact beside another one that takes no encrypted files by mail."""
    return replace(
        mailbox,
        id=MailboxId(DESK),
        title="Prevent duty desk",
        address=f"duty-{mailbox.address}",
        accepts_encrypted="no",
    )


def show_portal(reference: str, received: Path, call: Call) -> None:
    """Tell a code, fetch the document from its page as its reader, reply, and read the reply.

    `reference` is a disclosure whose page was offered by mail; `received` is the folder of mails.
    Raises `DemoError` where something else than a document comes.
    """
    say()
    say("== A document is fetched from a page, where encrypted mail is not taken")
    mail = email.message_from_bytes(
        (received / f"{reference}.eml").read_bytes(), policy=email.policy.default
    )
    body = mail.get_body()
    (address,) = re.findall(r"https?://\S+/portal/\S+", "" if body is None else body.get_content())
    item("mailed", f"{reference}: the address of a page, no file, and nothing about the person")
    wanted = json.dumps({"function": _READER}).encode("ascii")
    told = call(f"{reference}/code", wanted)
    item("the call", f"{told['telephone']}, code {told['code']}: for the {_READER.lower()} alone")
    reader = Reader(address=address)
    reader.send("", "")
    reader.send("/code", code=str(told["code"]))
    reader.send("/conditions", accepted="yes")
    document = reader.send("/document")
    if not document.startswith(b"%PDF-"):
        raise DemoError("The page gave no document. See portal.log in BROKER_HOME.")
    item("fetched", f"a PDF of {counted(len(document), 'byte')}, without an account")
    item("recorded", "who fetched it by function, before it was given")
    reader.send("/document", "/reply", reply=_REPLY)
    for one in map(as_object, as_array(call(f"{reference}/replies", None)["replies"])):
        item("replied", f"{one['function']}: {one['words']}")
