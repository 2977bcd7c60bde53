"""The parts of delivery, put together; which courier an installation has is chosen here."""

from dataclasses import dataclass

from broker.cases.earlier.index import EarlierIndex
from broker.delivery.bounces import Bounces
from broker.delivery.courier import Courier
from broker.delivery.dispatcher import Dispatcher
from broker.delivery.notice_post import NoticePost
from broker.delivery.person_notices import PersonNotices
from broker.delivery.pickup import PickupCourier
from broker.delivery.smtp.courier import SmtpCourier
from broker.delivery.trying import Trying
from broker.domain.times import Clock
from broker.ledger.receipts import Receipts
from broker.packs.assembly import Draw
from broker.settings import Home, Settings
from broker.storage.transaction import Transactions
from keys import IndexPurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What seals and sends, and what handles notices that come and go."""

    dispatcher: Dispatcher
    bounces: Bounces
    notice_post: NoticePost
    notices: PersonNotices
    trying: Trying


def delivery_of(
    settings: Settings, transaction: Transactions, receipts: Receipts, draw: Draw, clock: Clock
) -> Delivery:
    """Return the delivery of an installation."""
    home = Home(path=settings.home)
    envelopes = transaction.keystore.index_key(IndexPurpose.ENVELOPES)
    dispatcher = Dispatcher(
        transaction=transaction,
        courier=_courier_of(settings, home),
        clock=clock,
        gateway=home.gateway_name,
        lock=home.dispatch_lock,
        mail_from=settings.mail_from,
        receipts=receipts,
        draw=draw,
        envelopes=envelopes,
        index=EarlierIndex.of(transaction.keystore),
        portal=settings.portal_url,
    )
    bounces = Bounces(transaction=transaction, clock=clock, envelopes=envelopes)
    post = NoticePost(courier=dispatcher.courier, folder=home.pickup)
    notices = PersonNotices(folder=home.pickup, sender=settings.mail_from)
    trying = Trying(
        transaction=transaction,
        courier=dispatcher.courier,
        clock=clock,
        mail_from=settings.mail_from,
        envelopes=envelopes,
    )
    return Delivery(
        dispatcher=dispatcher,
        bounces=bounces,
        notice_post=post,
        notices=notices,
        trying=trying,
    )


def _courier_of(settings: Settings, home: Home) -> Courier:
    """Return the courier to the relay that is named, else to the pickup folder."""
    if settings.smtp is None:
        return PickupCourier(home.pickup)
    return SmtpCourier(settings=settings.smtp)
