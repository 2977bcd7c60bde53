"""How a view reaches what the composition root services."""

from flask import current_app

from broker.wiring import Services

_KEY = "broker-services"


def install(extensions: dict[str, object], services: Services) -> None:
    """Keep the services with an application."""
    extensions[_KEY] = services


def current_services() -> Services:
    """Return the services of the current application."""
    services = current_app.extensions[_KEY]
    if not isinstance(services, Services):
        raise TypeError(_KEY)
    return services
