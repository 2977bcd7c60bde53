"""Every page of the directory."""

from broker.web.views.directory.bodies import bodies
from broker.web.views.directory.contacts import contacts
from broker.web.views.directory.listing import listing
from broker.web.views.directory.presets import printed

DIRECTORY = (listing, contacts, bodies, printed)
"""Their blueprints."""
