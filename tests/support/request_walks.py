"""What partners do in a window: one asks, another answers, returns it, or raises a concern."""

from collections.abc import Mapping
from dataclasses import replace

from brokers import a_token
from browser_walks import Look, fill, here, sign_in
from browsers import Window
from callers import Caller
from gateways import gateway
from partner_requests import OFFICER, a_request, put
from visits import Visit
from walks import Typed

from broker.domain.roles import Role
from broker.wiring import Services

WHOM: dict[str, Typed] = {
    "seen": {"first-day": "9", "first-month": "3", "first-year": "2026"},
    "source": {"source": "reported"},
    "told-by": {},
    "basis": {"basis": ["observed-behaviour"]},
    "harm": {"harm": "significant", "to_person": "no"},
    "crime": {"serious": "no", "terrorism": "no"},
    "danger": {"danger": "no"},
    "who": {"name": "Tam Specimen"},
    "age": {"dob-day": "4", "dob-month": "5", "dob-year": "2010"},
    "where": {"send": "no"},
    "family": {"position": "not-asked", "implicated": "no"},
    "able": {"competence": "unknown"},
    "told": {"told": "safe"},
    "not-told": {"why": "He is told once it is known who holds what."},
    "agree": {"answer": "not-sought", "said": "Partners are asked before agreement is sought."},
    "order": {"kind": "none"},
    "request-papers": {"signed": "yes", "victim": "no"},
    "why": {
        "need": "Only they see him each day.",
        "less": "no",
        "fair": "The harm is near, and one field is asked for.",
    },
    "read": {"in_it": ["none"]},
}
ASKING: dict[str, Typed] = {
    **WHOM,
    "whom": {"selector": "named-person"},
    "ask": {"for": "police-screening", "what": "The police screen a referral."},
    "bodies": {"bodies": ["northshire-trust-lead"]},
    "body/northshire-trust-lead": {
        "why": "A clinic of theirs may know him.",
        "fields": ["concerns.event"],
    },
    "asks/northshire-trust-lead/concerns.event": {
        "sentence": "What happened at the clinic?",
        "since-day": "1",
        "since-month": "9",
        "since-year": "2025",
        "until-day": "16",
        "until-month": "3",
        "until-year": "2026",
    },
    "day": {"on-day": "23", "on-month": "3", "on-year": "2026", "by": "chair/p-chair"},
}
ANSWERING: dict[str, Typed] = {
    **WHOM,
    "hold": {"held": "yes"},
    "answer/concerns.event": {
        "share": "part",
        "why": "The rest is about others.",
        "words": "He came with a man nobody knew.",
        "known": "seen",
        "source": "a receptionist",
        "on-day": "9",
        "on-month": "3",
        "on-year": "2026",
    },
}
"""What is typed on each page, by those who ask and those who answer."""


def is_put(services: Services, child: str = "Tam Specimen") -> str:
    """Have an officer ask by the API; return the reference, whose second copy is the trust's."""
    token = a_token(services, replace(OFFICER, role=Role.POLICE), Role.POLICE)
    caller = Caller(client=gateway(services).test_client(), token=token)
    answer = put(caller, a_request(child))
    assert answer.json is not None
    return str(answer.json["reference"])


def to_the_last_look(window: Window, plan: Mapping[str, Typed], look: Look, side: str) -> None:
    """Answer page after page until what will be read is shown; look at each."""
    before = ""
    while not window.path().startswith("/requests/drafts/"):
        name = here(window)
        assert name != before, f"{name} did not go on: {window.page.inner_text('main')}"
        look(window, f"{side}-{name}")
        if name in {"whom", "hold", "bodies", "day", "answer/concerns.event"}:
            window.go_on()
            look(window, f"{side}-{name}-error")
        before = name
        fill(window, plan[name])
        window.go_on()
    look(window, f"{side}-check")


def walked(visit: Visit, address: str, answers: Mapping[str, Typed]) -> str:
    """Answer page after page until the last look, and return its address."""
    base = address.rpartition("/")[0]
    while not address.endswith("/check"):
        shown = visit.get(address)
        assert shown.status_code == 200, (address, shown.status_code)
        name = address.removeprefix(f"{base}/")
        version = shown.text.partition('name="_version" value="')[2].partition('"')[0]
        answer = visit.send(address, _version=version, _action="continue", **answers[name])
        assert answer.status_code == 303, (address, answer.text)
        address = answer.headers["Location"]
    last = visit.get(address)
    assert last.status_code == 303
    return last.headers["Location"]


def every_state_of_asking(window: Window, visit: Visit, look: Look) -> str:
    """Ask a body in pages, from nothing to its receipt; return the reference."""
    sign_in(window, visit)
    window.open("/requests")
    look(window, "requests-none")
    window.open("/requests/new")
    look(window, "request-new")
    window.press("Start")
    to_the_last_look(window, ASKING, look, "asks")
    window.press("Ask")
    look(window, "request-sent")
    reference = window.path().split("/")[2]
    window.open("/requests")
    look(window, "requests-asked")
    window.open(f"/requests/{reference}/1")
    look(window, "request-asked")
    return reference


def every_state_of_answering(window: Window, visit: Visit, copy: str, look: Look) -> None:
    """Read a copy, look at each step, and share part of what is asked."""
    sign_in(window, visit)
    window.open("/requests")
    look(window, "requests-to-answer")
    window.open(copy)
    look(window, "request-to-answer")
    for step in ("return", "pass", "time"):
        window.open(f"{copy}/{step}")
        look(window, f"request-{step}")
        with window.page.expect_navigation():
            window.page.locator('main button[value="continue"]').click()
        look(window, f"request-{step}-error")
    window.open(copy)
    window.press("Answer")
    to_the_last_look(window, ANSWERING, look, "answers")
    window.press("Send the answer")
    look(window, "request-answered")
    window.open("/requests")
    look(window, "requests-answered")


def every_state_of_a_concern(window: Window, copy: str, look: Look) -> None:
    """Raise a concern about sharing from a copy as somebody signed in, and close it."""
    window.open("/sharing-concerns")
    look(window, "sharing-concerns-none")
    window.open(f"{copy}/concern")
    look(window, "sharing-concern-new")
    window.press("Raise it")
    look(window, "sharing-concern-new-error")
    fill(window, {"wrong": "too-broad", "why": "It asks for everything since September."})
    window.press("Raise it")
    look(window, "sharing-concern")
    window.press("Close it")
    look(window, "sharing-concern-error")
    window.open("/sharing-concerns")
    look(window, "sharing-concerns")


def a_late_nil(window: Window, reference: str, look: Look) -> None:
    """Answer a copy that is late: nothing is held."""
    window.open("/requests")
    look(window, "requests-late")
    window.open(f"/requests/{reference}/2")
    look(window, "request-late")
    window.press("Answer")
    fill(window, {"held": "no"})
    window.go_on()
    look(window, "answers-nil-check")
    window.go_on()
    look(window, "request-nil")
