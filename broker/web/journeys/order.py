"""The order of all pages."""

from broker.web.journeys.pages.agreement import ASK as AGREEMENT
from broker.web.journeys.pages.before import BEFORE, DANGER
from broker.web.journeys.pages.checking import CHECK
from broker.web.journeys.pages.colleague import LOOKS, WORK
from broker.web.journeys.pages.danger import EMERGENCY
from broker.web.journeys.pages.notice import NOTICE
from broker.web.journeys.pages.papers import PAPERS
from broker.web.journeys.pages.person import PERSON
from broker.web.journeys.pages.purposes import PROCESS, WHOM, WHY_SHARE
from broker.web.journeys.pages.sharing import SHARE_AFTER, SHARE_BEFORE
from broker.web.journeys.shapes import Page

ORDER: tuple[Page, ...] = (
    *BEFORE,
    *WHY_SHARE,
    WHOM,
    *DANGER,
    *NOTICE,
    *PERSON,
    *AGREEMENT,
    *CHECK,
    *PROCESS,
    *PAPERS,
    *SHARE_BEFORE,
)
"""Every page up to the fields and files that somebody adds."""

BY_ID = {page.id: page for page in (*ORDER, *SHARE_AFTER, *EMERGENCY, WORK, LOOKS)}
"""Every page but those made for a field or a file."""
