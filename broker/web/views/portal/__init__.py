"""Where documents are fetched from a page, for their sender; and what came, for its recipient."""

from broker.web.views.portal.inbox import inbox
from broker.web.views.portal.sender import page_of_referral

PORTAL = (page_of_referral, inbox)
