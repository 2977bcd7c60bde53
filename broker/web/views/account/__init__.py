"""The account of whoever is signed in, and the other ways in: passkeys."""

from broker.web.views.account.kept import kept
from broker.web.views.account.used import used

ACCOUNT = (kept, used)
