"""Pages of what is kept between bodies: agreements to share, workers, clearances."""

from broker.web.views.between.sharing import sharing
from broker.web.views.between.vetting import vetting

BETWEEN = (sharing, vetting)
