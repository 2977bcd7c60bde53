"""The pages that must be shown whatever is broken: no cookie, no session, no database, no keys."""

import shutil
from pathlib import Path

import pytest
from gateways import gateway
from markup import page_client

from broker.web import assets
from broker.web.public import TITLES, PublicPages
from broker.wiring import Services

PAGES = [pytest.param(f"/{name}", title, id=name) for name, title in TITLES.items()]


@pytest.mark.parametrize(("path", "title"), PAGES)
def test_a_public_page_shows_its_title_and_sets_no_cookie(
    sqlite_broker: Services, path: str, title: str
) -> None:
    answer = page_client(gateway(sqlite_broker)).get(path)

    assert answer.status_code == 200
    assert f">{title}</h1>" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("path", "title"), PAGES)
def test_a_public_page_is_shown_when_everything_else_is_gone(
    sqlite_broker: Services, path: str, title: str
) -> None:
    app = gateway(sqlite_broker)
    sqlite_broker.transaction.database.close()
    shutil.rmtree(sqlite_broker.home.path)

    answer = page_client(app).get(path)

    assert answer.status_code == 200
    assert title in answer.text


def test_the_style_of_the_pages_is_given_when_everything_else_is_gone(
    sqlite_broker: Services,
) -> None:
    app = gateway(sqlite_broker)
    shutil.rmtree(sqlite_broker.home.path)
    client = page_client(app)

    assert [client.get(f"/assets/{path}").status_code for path in assets.checksums()] == [
        200 for _ in assets.checksums()
    ]


@pytest.mark.parametrize("path", ["/start", "/now", "/channels"])
def test_every_page_leads_to_999(sqlite_broker: Services, path: str) -> None:
    answer = page_client(gateway(sqlite_broker)).get(path)

    assert '<a class="app-danger__link" href="/now">In danger now? Ring 999.</a>' in answer.text


def test_the_first_page_stands_at_the_root(sqlite_broker: Services) -> None:
    answer = page_client(gateway(sqlite_broker)).get("/")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/start")


def test_a_static_file_may_be_kept_for_ever(sqlite_broker: Services) -> None:
    answer = page_client(gateway(sqlite_broker)).get(assets.asset("css/app.css"))

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (
        answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    )


def test_the_pages_are_written_as_plain_files_with_all_that_they_show(
    sqlite_broker: Services, tmp_path: Path
) -> None:
    pages = PublicPages.of(sqlite_broker.settings)

    pages.write(tmp_path / "public")
    pages.write(tmp_path / "public", for_all=True)

    folder = tmp_path / "public"
    assert {path.stem for path in folder.glob("*.html")} == set(TITLES)
    shown = page_client(gateway(sqlite_broker)).get("/now").get_data()
    assert (folder / "now.html").read_bytes() == shown
    for path in assets.checksums():
        assert (folder / "assets" / path).read_bytes() == assets.content(path)
    assert (folder / "assets" / "brand.css").stat().st_mode & 0o777 == 0o644
