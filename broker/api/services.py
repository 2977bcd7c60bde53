"""How a view reaches what the composition root made."""

from flask import current_app

from broker.wiring import Services

_KEY = "broker-services"


def install(extensions: dict[str, object], made: Services) -> None:
    """Keep the services with an application."""
    extensions[_KEY] = made


def services() -> Services:
    """Return the services of the current application."""
    made = current_app.extensions[_KEY]
    if not isinstance(made, Services):
        raise TypeError(_KEY)
    return made
