"""Delivery status notices (RFC 3464) as mail servers write them."""

import email.mime.multipart
import email.mime.text
from email.message import Message


def a_notice(mark: str, action: str, diagnostic: str = "", *, recipients: int = 1) -> bytes:
    """Return a delivery status notice as a mail server writes it."""
    report = email.mime.multipart.MIMEMultipart("report", report_type="delivery-status")
    report["Subject"] = "Delivery Status Notification"
    report.attach(email.mime.text.MIMEText("This is the mail system."))
    status = Message()
    status["Content-Type"] = "message/delivery-status"
    about = Message()
    about["Reporting-MTA"] = "dns; mx.midshire-example.police.uk"
    about["Original-Envelope-Id"] = mark
    blocks: list[Message | str] = [about]
    for _ in range(recipients):
        one = Message()
        one["Final-Recipient"] = "rfc822; prevent@midshire-example.police.uk"
        one["Action"] = action
        one["Status"] = "2.0.0" if action == "delivered" else "5.1.1"
        if diagnostic:
            one["Diagnostic-Code"] = diagnostic
        blocks.append(one)
    status.set_payload(blocks)
    report.attach(status)
    return report.as_bytes()
