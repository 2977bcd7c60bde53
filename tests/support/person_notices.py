"""The notices that people were sent, as they lie in the folder that a mail system empties."""

import email
import email.policy

from broker.wiring import Services


def notices(services: Services) -> list[tuple[str, str]]:
    """To whom each notice goes, and what it says."""
    found = []
    for path in services.home.pickup.glob("notice-*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = message.get_body()
        assert body is not None
        found.append((str(message["To"]), str(message["Subject"]) + body.get_content()))
    return sorted(found)
