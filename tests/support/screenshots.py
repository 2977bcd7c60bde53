"""Take a picture of every state of the pages: wide, narrow, in forced colours, and on paper.

    PYTHONPATH=tests/support python tests/support/screenshots.py FOLDER

`make screenshots` does. For people to look at: machines find only some of what is wrong.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from after_walks import every_state_after
from brokers import Clock, a_broker
from browser_walks import every_public_state, every_state_inside
from browsers import NARROW, WIDE, Window, a_window, chromium, free_port, served
from markup import page_client
from people import with_account
from visits import Visit, cheap, speaking_at

from broker.app import create_app

LOOKS = {
    "wide": (WIDE, "none"),
    "narrow": (NARROW, "none"),
    "forced": (WIDE, "active"),
}


@contextmanager
def a_place() -> Iterator[tuple[str, Visit]]:
    """Serve a broker of its own, and yield its address and somebody with an account."""
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        services, port = a_broker(Path(folder) / "home", clock), free_port()
        services = speaking_at(services, port)
        app = create_app(cheap(services))
        visit = Visit(client=page_client(app), held=with_account(services, clock), clock=clock)
        with served(app, port) as address:
            yield address, visit
        services.close()


def take(folder: Path, only: str | None = None) -> None:
    """Take the pictures of every look into a folder of its own."""
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        for name, (size, forced) in LOOKS.items():
            if only not in {None, name}:
                continue
            address, visit = stack.enter_context(a_place())
            pictures = folder / name
            pictures.mkdir(parents=True, exist_ok=True)
            taken: list[str] = []

            def look(
                window: Window, state: str, into: Path = pictures, seen: list[str] = taken
            ) -> None:
                seen.append(state)
                path = into / f"{len(seen):02}-{state.replace('/', '-')}.png"
                window.page.screenshot(path=path, full_page=True)

            with a_window(browser, address, size=size) as window:
                window.page.emulate_media(forced_colors="active" if forced == "active" else "none")
                every_public_state(window, look)
                every_state_inside(window, visit, look)
                every_state_after(window, visit, look)
            sys.stdout.write(f"{name}: {len(taken)} pictures in {pictures}\n")


if __name__ == "__main__":
    take(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)  # FOLDER LOOK
