"""Views of the record: how it stands, its entries, what it committed to, and its exports."""

from broker.web.views.record.exports import record_exports
from broker.web.views.record.ledger import record
from broker.web.views.record.openings import record_openings

RECORD = (record, record_exports, record_openings)
"""What is put into the application."""
