"""What a sender sees and does where a document is fetched from a page."""

from broker.web.views.portal.sender import page_of_referral

PORTAL = (page_of_referral,)
