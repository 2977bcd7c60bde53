"""The account of whoever is signed in, and the other ways in."""

from broker.web.views.account.kept import kept
from broker.web.views.account.organisation import organisation
from broker.web.views.account.password import password
from broker.web.views.account.typed import typed
from broker.web.views.account.used import used

ACCOUNT = (kept, password, typed, used, organisation)
