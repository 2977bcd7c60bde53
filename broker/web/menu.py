"""The menu of whoever is signed in: which pages their role begins at, the first one first.

A page that people come to from no other page stands here, for the roles that its door lets in.
"""

from dataclasses import dataclass
from typing import Final

from broker.domain.roles import Role
from broker.ledger.shares import SCOPES
from broker.panels.standing import ATTENDERS
from broker.partner_requests.disputing import SETTLERS
from broker.partner_requests.noticing import APPROVERS
from broker.partner_requests.standing import ANSWERERS, ASKERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the menu, the roles that it is shown to, and those whose work begins there."""

    text: str
    href: str
    roles: frozenset[Role]
    first_for: frozenset[Role] = frozenset()


WRITERS: Final = (
    Role.PRACTITIONER,
    Role.MANAGER,
    Role.LEAD,
    Role.POLICE,
    Role.COORDINATOR,
    Role.CHAIR,
    Role.HR,
    Role.IG,
    Role.POLICE_LEAD,
    Role.ADULTS_LEAD,
    Role.FAMILIES_LEAD,
)
"""Who may write something that is shared."""

GUARDIANS: Final = (Role.GUARDIAN,)
"""Who decides what the rules refer; a deputy is a second holder of the role."""

CHECKS: Final = (Role.LEAD, Role.MANAGER, Role.GUARDIAN)
"""Who is asked to check a concern."""

ADVISERS: Final = (Role.IG, Role.POLICE_LEAD)
"""Who is asked for advice by Guardians."""

KEEPERS: Final = (Role.KEEPER, Role.ADMINISTRATOR)
"""Who may change entries of the directory."""

SENDERS: Final = (Role.LEAD, Role.GUARDIAN, Role.IG, Role.POLICE_LEAD, Role.COORDINATOR)
"""Who looks up whom something can go to, beside those who keep that."""

BETWEEN_BODIES: Final = (*KEEPERS, Role.IG, Role.LEAD, Role.GUARDIAN, Role.COORDINATOR)
"""Who looks at agreements between bodies, workers and clearances."""

KEEPS_BETWEEN: Final = (*KEEPERS, Role.IG, Role.LEAD)
"""Who enters them; of an agreement a second one of them sees the paper."""

_SHARING: Final = frozenset({*KEEPS_BETWEEN, Role.COORDINATOR})
_TELL_WHO_RECEIVED: Final = frozenset({Role.GUARDIAN, Role.LEAD, Role.IG})
INBOX: Final = (Role.POLICE, Role.POLICE_LEAD)
"""Who looks after what came to the inbox of police."""

_ANSWER_FIRST: Final = frozenset({Role.ADULTS_LEAD, Role.FAMILIES_LEAD})
_PANEL: Final = frozenset({Role.COORDINATOR, Role.CHAIR})
_ANSWER_FOR_RULES: Final = frozenset(
    {
        Role.GUARDIAN,
        Role.IG,
        Role.LEAD,
        Role.AUDITOR,
        Role.ASSURANCE,
        Role.SUPERVISOR,
        Role.OPERATOR,
        Role.ADMINISTRATOR,
    }
)

WRITERS_PAGE: Final = "/referrals"
"""Where somebody's own referrals are listed."""

LINKS: Final = (
    Link(text="Your referrals", href=WRITERS_PAGE, roles=frozenset(WRITERS)),
    Link(text="Inbox", href="/inbox", roles=frozenset(INBOX), first_for=frozenset(INBOX)),
    Link(text="Requests", href="/requests", roles=ASKERS | ANSWERERS, first_for=_ANSWER_FIRST),
    Link(text="Meetings", href="/meetings", roles=ATTENDERS, first_for=_PANEL),
    Link(text="Waiting for you", href="/reviews", roles=frozenset(GUARDIANS)),
    Link(
        text="Advice",
        href="/advised",
        roles=frozenset({*GUARDIANS, *ADVISERS}),
        first_for=frozenset({Role.IG}),
    ),
    Link(text="Concerns about sharing", href="/sharing-concerns", roles=SETTLERS),
    Link(text="Regional notices", href="/notices", roles=APPROVERS),
    Link(text="Breaches", href="/breaches", roles=frozenset({Role.GUARDIAN, Role.IG})),
    Link(
        text="Waiting for your check",
        href="/checks",
        roles=frozenset(CHECKS),
        first_for=frozenset({Role.LEAD, Role.MANAGER}),
    ),
    Link(text="What is remembered", href="/memories", roles=frozenset({Role.LEAD})),
    Link(text="The record", href="/ledger", roles=frozenset(SCOPES)),
    Link(text="People", href="/people", roles=frozenset({Role.ADMINISTRATOR})),
    Link(text="Who received what", href="/who-received", roles=_TELL_WHO_RECEIVED),
    Link(text="Your team's work", href="/supervision", roles=frozenset({Role.SUPERVISOR})),
    Link(text="The rules", href="/rules", roles=_ANSWER_FOR_RULES),
    Link(text="Directory", href="/directory", roles=frozenset({*KEEPERS, *SENDERS})),
    Link(text="Sharing agreements", href="/sharing-agreements", roles=_SHARING),
)
"""Every link of the menu, in its order."""

_ACCOUNT: Final = Link(text="Your account", href="/account", roles=frozenset(Role))


def links_of(role: Role) -> tuple[Link, ...]:
    """Return the links of a role's menu: where its work begins, then the others in their order."""
    links = [link for link in LINKS if role in link.roles]
    return tuple(sorted(links, key=lambda link: role not in link.first_for))


def first_link_of(role: Role) -> Link:
    """Return the link at which a role's work begins; of one that has no pages, their account."""
    return next(iter(links_of(role)), _ACCOUNT)


def first_page_of(role: Role, asked_for: str) -> str:
    """Return where somebody goes on who has signed in: what they asked for, or their first page.

    What lists somebody's own referrals leads who writes none to their own work.
    """
    is_elsewhere = asked_for == WRITERS_PAGE and role not in WRITERS
    return first_link_of(role).href if is_elsewhere else asked_for or first_link_of(role).href
