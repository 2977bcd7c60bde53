"""Every page of administrators."""

from broker.web.views.people.listing import people
from broker.web.views.people.person import person
from broker.web.views.people.settings import body_settings

PEOPLE = (people, person, body_settings)
"""Their blueprints."""
