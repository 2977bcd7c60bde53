"""Views of the record: how it stands, its entries, what it committed to, and its exports."""

from broker.web.views.record.exports import record_exports
from broker.web.views.record.ledger import record
from broker.web.views.record.openings import record_openings
from broker.web.views.record.received import who_received

RECORD = (record, record_exports, record_openings, who_received)
"""What is put into the application."""
