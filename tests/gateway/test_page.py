"""The page at / without a script: what each role sees, what its forms do, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from tests.gateway.server import Gateway, Reply, serving
from tests.support.home import Home


@pytest.fixture
def company(home: Home) -> Home:
    """Return a home with an airplane of two seats, and a reservation of kim and one of lee."""
    home("admin", "add-plane", "--seats", "2", "--name", "KE <907>")
    for customer in ("kim", "lee"):
        home("reserve", "1", "--customer", customer)
    home("daemon", "--until-idle")
    return home


def cookie_of(home: Home, subject: str, role: str) -> dict[str, str]:
    token = home.json("token", "create", subject, "--role", role)["token"]
    return {"cookie": f"airbook_token={token}"}


def send(gateway: Gateway, path: str, headers: Mapping[str, str], **fields: object) -> Reply:
    """Send a form as the page does."""
    sent = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": gateway.base,
        **headers,
    }
    return gateway.request("POST", path, urlencode(fields).encode(), sent)


def texts(reply: Reply) -> str:
    """Return the text of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", reply.body.decode()).split())


def test_the_page_loads_nothing_from_elsewhere_and_escapes_what_people_typed(company: Home):
    with serving(company) as gateway:
        reply = gateway.get("/")
        assert (reply.status, reply.header("content-type")) == (200, "text/html; charset=utf-8")
        assert reply.header("content-security-policy") == (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        assert b"<907>" not in reply.body
        assert b"KE &lt;907&gt;" in reply.body
        loaded = re.findall(r'(?:src|href|action)="([^"]*)"', reply.body.decode())
        assert [one for one in loaded if not one.startswith(("/", "#"))] == []
        kinds = [
            gateway.get(f"/page/airbook.{one}").header("content-type") for one in ("css", "js")
        ]
        assert kinds == ["text/css; charset=utf-8", "text/javascript; charset=utf-8"]


def test_who_has_no_token_is_asked_for_one(company: Home):
    token = company.json("token", "create", "kim", "--role", "customer")["token"]
    with serving(company) as gateway:
        asked = gateway.get("/")
        assert "Sign in" in texts(asked)
        assert "lee" not in texts(asked)
        wrong = send(gateway, "/page/session", {}, token="airbook_1f0c22ab_" + "s" * 22)
        assert wrong.status == 401
        assert "This token is unknown, expired or revoked." in texts(wrong)
        assert wrong.header("set-cookie") is None
        signed_in = send(gateway, "/page/session", {}, token=f" {token} ")
        assert (signed_in.status, signed_in.header("location")) == (303, "/")
        cookie = signed_in.header("set-cookie") or ""
        assert {"HttpOnly", "SameSite=strict"} <= {one.strip() for one in cookie.split(";")}
        session = {"cookie": cookie.partition(";")[0]}
        assert "Signed in as kim, customer" in texts(gateway.get("/", **session))
        ended = send(gateway, "/page/session/end", session)
        assert "Max-Age=0" in (ended.header("set-cookie") or "")


def test_behind_a_proxy_with_tls_the_cookie_of_a_session_is_secure(company: Home):
    token = company.json("token", "create", "kim", "--role", "customer")["token"]
    proxied = {
        "Host": "inside:1",
        "Origin": "https://air.example",
        "X-Forwarded-Host": "air.example",
        "X-Forwarded-Proto": "https",
    }
    with serving(company, "--trust-proxy") as gateway:
        behind = send(gateway, "/page/session", proxied, token=token)
        direct = send(gateway, "/page/session", {}, token=token)
        assert (behind.status, attributes(behind)) == (
            303,
            {"HttpOnly", "Path=/", "SameSite=strict", "Secure"},
        )
        assert (direct.status, attributes(direct)) == (
            303,
            {"HttpOnly", "Path=/", "SameSite=strict"},
        )
        session = {"Cookie": (behind.header("set-cookie") or "").partition(";")[0]}
        reserved = send(gateway, "/page/reservations", {**proxied, **session}, airplane=1)
        assert (reserved.status, reserved.header("location")) == (303, "/?said=reserved&number=3")
    with serving(company) as gateway:  # the header of a stranger changes nothing
        assert send(gateway, "/page/session", proxied, token=token).status == 403


def attributes(reply: Reply) -> set[str]:
    """Return the attributes of the cookie that an answer sets."""
    _, *found = (reply.header("set-cookie") or "").split(";")
    return {one.strip() for one in found}


def test_each_role_sees_and_may_do_its_own(company: Home):
    kim, ops, desk, figures = (
        cookie_of(company, subject, role)
        for subject, role in (
            ("kim", "customer"),
            ("ops", "admin"),
            ("desk", "reader"),
            ("prometheus", "metrics"),
        )
    )
    with serving(company) as gateway:
        shown = {name: texts(gateway.get("/", **one)) for name, one in (("kim", kim), ("ops", ops))}
        read_only = texts(gateway.get("/", **desk))
        assert ("My reservations" in shown["kim"], "lee" in shown["kim"]) == (True, False)
        assert ("Add an airplane" in shown["kim"], "Reserve a seat" in shown["kim"]) == (
            False,
            True,
        )
        assert ("lee" in shown["ops"], "Add an airplane" in shown["ops"]) == (True, True)
        assert ("lee" in read_only, "Reserve a seat" in read_only) == (True, False)
        assert gateway.get("/", **figures).status == 403
        assert gateway.get("/page/changes", **figures).status == 403
        for path in ("/page/airplanes", "/page/airplanes/1/close"):
            assert send(gateway, path, kim, seats=5).status == 403
        assert send(gateway, "/page/reservations", desk, airplane=1).status == 403
    assert len(company.json("planes")) == 1


def test_a_customer_reserves_and_cancels_only_as_itself(company: Home):
    kim = cookie_of(company, "kim", "customer")
    with serving(company) as gateway:
        reserved = send(gateway, "/page/reservations", kim, airplane=1, customer="lee")
        assert reserved.header("location") == "/?said=reserved&number=3"
        said = gateway.get("/?said=reserved&number=3", **kim)
        assert "Reservation 3 is received." in texts(said)
        foreign = send(gateway, "/page/reservations/2/cancel", kim)
        assert foreign.status == 404
        assert "There is no reservation 2." in texts(foreign)
        cancelled = send(gateway, "/page/reservations/1/cancel", kim)
        assert cancelled.header("location") == "/?said=cancelled&number=1"
    found = {one["id"]: one for one in company.json("my-page", "--all")}
    assert (found[3]["customer"], found[2]["status"]) == ("kim", "approved")
    assert found[1]["status"] == "cancelled"
    assert company.json("history", "3")[0]["by"] == "kim"


def test_an_administrator_adds_closes_and_opens(company: Home):
    ops = cookie_of(company, "ops", "admin")
    with serving(company) as gateway:
        for path, fields in (
            ("/page/airplanes", {"seats": "3", "name": "이륙"}),
            ("/page/airplanes/1/close", {}),
            ("/page/airplanes/1/close", {}),
            ("/page/airplanes/1/open", {}),
            ("/page/airplanes/2/close", {}),
        ):
            assert send(gateway, path, ops, **fields).status == 303, path
        refused = send(gateway, "/page/airplanes", ops, seats="0", name="")
        assert refused.status == 422
        assert "An airplane has 1 to 1000 seats." in texts(refused)
        assert send(gateway, "/page/airplanes/9/close", ops).status == 404
    planes = [(one["name"], one["seats"], one["status"]) for one in company.json("planes")]
    assert planes == [("KE <907>", 2, "open"), ("이륙", 3, "closed")]


def test_a_form_of_another_site_changes_nothing(company: Home):
    """Without tokens, no cookie keeps a page of another site from sending the form."""
    with serving(company) as gateway:
        for origin in ("http://evil.example", "null"):
            reply = send(gateway, "/page/reservations", {"Origin": origin}, airplane=1)
            assert (reply.status, reply.document["code"]) == (403, "forbidden")
    assert len(company.json("my-page", "--all")) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"airplane=",
        b"airplane=9999999999",
        b"airplane=1&customer=%ff",
        b"airplane=1&customer=%00",
        "airplane=１".encode(),
        b"&".join([b"a=1"] * 50),
        b"x" * 20_000,
    ],
)
def test_a_form_that_cannot_be_read(company: Home, body: bytes):
    sent = {"Content-Type": "application/x-www-form-urlencoded"}
    with serving(company) as gateway:
        reply = gateway.request(
            "POST", "/page/reservations", body, {**sent, "Origin": gateway.base}
        )
        assert reply.status in {400, 413, 422}
    assert len(company.json("my-page", "--all")) == 2


def test_the_language_is_chosen_on_the_page_or_by_the_browser(company: Home):
    with serving(company) as gateway:
        assert 'lang="ko"' in gateway.get("/", accept_language="ko-KR").body.decode()
        chosen = gateway.get("/?lang=ko")
        cookie = (chosen.header("set-cookie") or "").partition(";")[0]
        korean = gateway.get("/", cookie=cookie)
        assert (chosen.status, cookie) == (303, "airbook_lang=ko")
        assert "최근 예약" in texts(korean)
        assert gateway.get("/?lang=fr").status == 200
