"""Every page of what comes after sending."""

from broker.web.views.afterwards.agreeing import agreeing
from broker.web.views.afterwards.agreement_recording import recording
from broker.web.views.afterwards.anew import anew
from broker.web.views.afterwards.called_back import called_back
from broker.web.views.afterwards.changed import changed
from broker.web.views.afterwards.messages import messages
from broker.web.views.afterwards.owing import owing
from broker.web.views.afterwards.papers import papers
from broker.web.views.afterwards.record import referral
from broker.web.views.afterwards.standing_still import standing_still
from broker.web.views.afterwards.stopping import stopping
from broker.web.views.afterwards.telling import telling

PAGES = (
    referral,
    telling,
    standing_still,
    anew,
    stopping,
    messages,
    owing,
    papers,
    agreeing,
    recording,
    called_back,
    changed,
)
