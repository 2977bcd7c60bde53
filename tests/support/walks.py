"""Journeys of invented people, page by page: what somebody types and ticks, by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from people import acting
from visits import Visit
from werkzeug.test import TestResponse

from broker.domain.concerns.drafts import DraftText
from broker.domain.roles import Role
from broker.web.journeys.answers import Kind, Value
from broker.web.journeys.journey import Journey
from broker.web.writing.circumstances import circumstances_of
from broker.web.writing.drafts import FORMS
from broker.wiring import Services

Typed = Mapping[str, str | list[str]]

REFUSED_ADULT: Mapping[str, Typed] = {
    "about": {"about": "person"},
    "danger": {"danger": "no"},
    "seen": {
        "story": "He said that he will teach them a lesson. Fictitious.",
        "first-day": "10",
        "first-month": "3",
        "first-year": "2026",
    },
    "source": {"source": "first-hand"},
    "basis": {"basis": ["observed-behaviour"]},
    "harm": {"harm": "serious", "to_person": "no"},
    "crime": {"serious": "no", "terrorism": "no"},
    "who": {"name": "Alex Fictitious"},
    "age": {"from": "30", "to": "40"},
    "where": {"address": "1 Example Street"},
    "able": {"capacity": "presumed", "care": "no"},
    "told": {"told": "yes", "how": "Told on the ward. He was calm."},
    "agree": {"answer": "refused", "said": "He said no on the same day."},
    "agree-what": {"by": "person", "on-day": "11", "on-month": "3", "on-year": "2026"},
    "done": {"action": "Talked with the ward's manager."},
    "lead": {"lead": "talked", "said": "With the lead on 12 March."},
    "ask": {"what": "Look into this and tell us what you find."},
    "why": {
        "need": "Only they can look into it.",
        "less": "no",
        "fair": "Somebody may be hurt badly.",
    },
    "balance": {"why": "People could be hurt soon; less would not do."},
    "more": {"fields": ["nothing"]},
    "read": {"in_it": ["none"]},
}
"""An adult who said no; the Guardian decides."""

AGREEING_ADULT: Mapping[str, Typed] = {
    **REFUSED_ADULT,
    "agree": {"answer": "given", "said": "He said yes on the same day."},
    "agree-what": {
        **REFUSED_ADULT["agree-what"],
        "scope": "usual",
        "until-day": "1",
        "until-month": "6",
        "until-year": "2026",
    },
}
"""An adult who said yes."""

A_CHILD: Mapping[str, Typed] = {
    **AGREEING_ADULT,
    "age": {"dob-day": "4", "dob-month": "5", "dob-year": "2010"},
    "where": {"address": "1 Example Street", "send": "no"},
    "family": {"position": "agrees", "implicated": "no"},
    "able": {"competence": "yes"},
}
"""A child who understands, and whose parents agree."""

A_CHILD_AT_RISK: Mapping[str, Typed] = {
    **A_CHILD,
    "danger": {"danger": "unsure"},
    "danger-unsure": {"danger": "none"},
    "source": {"source": "reported", "how": "A teacher told us on the same day. Fictitious."},
    "told-by": {"who": "Tess Fictitious, form teacher", "anonymous": "No"},
    "basis": {"basis": ["observed-behaviour", "stated-intent"]},
    "words": {"words": "They will all see. Fictitious."},
    "family": {
        "parents": "An uncle lives with them. Fictitious.",
        "position": "not-asked",
        "implicated": "yes",
    },
    "family-part": {"who": "The uncle, who showed the videos. Fictitious."},
    "able": {"competence": "unknown"},
    "told": {"told": "risk"},
    "not-told": {"why": "The uncle would hear of it and could take the child away."},
    "agree": {"answer": "not-sought-risk", "said": "Asking would tell the uncle."},
}
"""A child whom nobody could ask, since somebody at home has a part in it."""

CARED_FOR: Mapping[str, Typed] = {
    **REFUSED_ADULT,
    "age": {"from": "70", "to": "75"},
    "able": {"capacity": "lacks", "care": "yes"},
    "capacity": {
        "finding": "Assessed on 9 March by the ward's doctor: cannot weigh it. Fictitious.",
        "can_wait": "no",
    },
    "told": {"told": "yes", "how": "Told with the carer beside them. Both were calm."},
    "agree": {"answer": "given", "said": "The carer holds the power and says yes."},
    "agree-what": {
        **AGREEING_ADULT["agree-what"],
        "by": "attorney",
        "scope": "other",
    },
    "agree-scope": {
        "recipients": ["police", "local-authority"],
        "purposes": ["referral", "police-screening"],
    },
}
"""An adult with needs for care who cannot decide, and for whom a carer does."""

EMERGENCY: Mapping[str, Typed] = {
    "now-call": {"rung": "rung", "at": "11:45", "number": "4711", "said": "He has a knife."},
    "now-who": {"name": "Alex Fictitious", "address": "1 Example Street"},
    "now-what": {
        "event": "He left with a knife and said where he goes. Fictitious.",
        "words": "Now they will see.",
        "source": "first-hand",
        "ask": "Find this person before someone is hurt.",
    },
    "now-told": {"told": "risk", "why": "He might hurt somebody at once."},
}
"""Somebody is in danger now."""


BEGINNINGS = {
    "/referrals/new": "about",
    "/now/call": "now-call",
    "/colleague/new": "danger",
    "/sharing/new": "purpose",
}
"""The first page of a journey by the address at which it begins."""


@dataclass
class Walked:
    """The pages that were sent, in their order, and the answer to the last."""

    pages: list[str] = field(default_factory=list)
    base: str = ""
    last: TestResponse | None = None


def walk(
    visit: Visit,
    plan: Mapping[str, Typed],
    start: str = "/referrals/new",
    until: str = "check",
) -> Walked:
    """Answer page after page as planned until one that is looked at and not sent."""
    walked = Walked()
    path = start
    while not path.endswith(until):
        name = BEGINNINGS.get(path) or path.partition("/r/")[2].partition("/")[2]
        shown = visit.get(path)
        assert shown.status_code == 200, (path, shown.status_code)
        typed = dict(plan[name])
        if name == "ask":
            first = shown.text.partition('name="recipient" type="radio" value="')[2]
            typed.setdefault("recipient", first.partition('"')[0])
        version = shown.text.partition('name="_version" value="')[2].partition('"')[0]
        answer = visit.send(path, **typed, _version=version, _action="continue")
        assert answer.status_code == 303, (name, answer.status_code, problems_in(answer))
        walked.pages.append(name)
        path = answer.headers["Location"]
        walked.base = path.rpartition("/")[0] if "/r/" in path else walked.base
    walked.last = visit.get(path)
    return walked


def written(
    services: Services, visit: Visit, plan: Mapping[str, Typed], until: str = "check"
) -> str:
    """Keep a referral as its pages keep it, answered as planned; return its address.

    For tests of what comes after those pages: walking past them takes twenty times as long.
    """
    writer = acting(visit.held, Role.PRACTITIONER)
    journey = Journey(circumstances_of(services, writer, Kind.REFERRAL))
    answers: dict[str, Mapping[str, Value]] = {}
    page = journey.pages({})[0].id
    while page != until:
        typed = dict(plan[page])
        if page == "ask":
            typed.setdefault("recipient", journey.circumstances.contacts[0].mailbox)
        posted = {name: [said] if isinstance(said, str) else said for name, said in typed.items()}
        reading = journey.read(page, posted, answers)
        assert not reading.problems, (page, reading.problems)
        answers[page] = reading.answers
        page = journey.next_page(page, answers)
    text = DraftText(answers=answers)
    return f"/r/{services.concerns.drafts.begin(writer, FORMS[Kind.REFERRAL], text).row.id}"


def problems_in(answer: TestResponse) -> list[str]:
    """Return the links of the error summary of a page."""
    summary = answer.text.partition("govuk-error-summary__list")[2].partition("</ul>")[0]
    return [one.partition("</a>")[0].strip() for one in summary.split('">')[2:]]
