"""Keeps schemathesis signed in, and points it at what exists: people, sessions, books, rooms, messages.

Schemathesis calls every operation with the token it is given, so sooner or later it signs itself out
(`DELETE /v1/sessions`), locks or deletes itself (`DELETE /v1/users/me`) or takes its own
administrator's role away. A token fixed at the start would then be refused for the rest of the run,
and the run would test nothing but that refusal. Two people prevent it:

- the *keeper*, an administrator whom scripts/schemathesis creates; its token goes into no test case;
- the *worker*, an administrator registered by the keeper, whose token every case carries. Before each
  case the worker is looked at, and replaced by a new one when it is not what it was.

An id made up by schemathesis never exists, so that a path with one would always answer 404. Cases
whose data is meant to be valid get the id of something made for that very case.
"""

import http.cookiejar
import os
import pathlib
import re
import secrets

import requests
import schemathesis

URL = os.environ["DOORWARD_TEST_URL"]
KEEPER = {"identifier": os.environ["DOORWARD_TEST_ADMIN"], "password": os.environ["DOORWARD_TEST_PASSWORD"]}

PICTURE = (pathlib.Path(__file__).parent.parent / "transcripts/files/heron.png").read_bytes()

# One connection for all of our own requests; cookies are refused, so that only the token counts.
CONNECTION = requests.Session()
CONNECTION.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))


def call(method, path, token=None, **body):
    """One request of our own, which schemathesis neither makes nor judges."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return CONNECTION.request(method, URL + path, headers=headers, json=body or None, timeout=10)


def expect(status, reply):
    if reply.status_code != status:
        raise RuntimeError(f"{reply.request.method} {reply.url} answered {reply.status_code}: {reply.text}")
    return reply.json()


def sign_in(identifier, password):
    return expect(201, call("POST", "/v1/sessions", identifier=identifier, password=password))


KEEPER_ID = sign_in(**KEEPER)["user"]["id"]
VALID_KEY = re.compile('[!#-~]([ !#-~]{0,253}[!#-~])?')


class Person:
    """Somebody who was registered a moment ago and whose password we know."""

    def __init__(self):
        self.name, self.password = f"p{secrets.token_hex(8)}", secrets.token_hex(12)
        self.id = expect(201, call("POST", "/v1/users", username=self.name, password=self.password))["id"]

    def sign_in(self):
        return sign_in(self.name, self.password)


def book_of(person):
    book = call("POST", "/v1/books", person.token, title="Orlando", author="Virginia Woolf")
    return expect(201, book)["id"]


def room_of(person):
    return expect(201, call("POST", "/v1/chatrooms", person.token, name="Ward 7"))["id"]


def message_of(person):
    said = call("POST", f"/v1/chatrooms/{room_of(person)}/messages", person.token, text="Who has the key?")
    return expect(201, said)["id"]


def pictured():
    """Somebody with a picture."""
    person = Person()
    headers = {"Authorization": f"Bearer {person.sign_in()['access_token']}", "Content-Type": "image/png"}
    url = f"{URL}/v1/users/me/avatar"
    expect(200, CONNECTION.put(url, headers=headers, data=PICTURE, timeout=10))
    return person


class Worker(Person):
    def __init__(self):
        super().__init__()
        keeper = sign_in(**KEEPER)["access_token"]
        expect(200, call("PATCH", f"/v1/users/{self.id}", keeper, roles=["admin"]))
        self.token = self.sign_in()["access_token"]

    def is_what_it_was(self):
        reply = call("GET", "/v1/users/me", self.token)
        return reply.status_code == 200 and "admin" in reply.json()["roles"]


class Workers:
    """The worker of the moment, and every token that one of them was given."""

    def __init__(self):
        self.current, self.tokens = None, set()

    def get(self):
        if self.current is None or not self.current.is_what_it_was():
            self.current = Worker()
            self.tokens.add(f"Bearer {self.current.token}")
        return self.current


WORKERS = Workers()

# What an id in a path stands for, by the name of the collection.
MADE_FOR = {
    "sessions": lambda: WORKERS.get().sign_in()["session"]["id"],
    "books": lambda: book_of(WORKERS.get()),
    "chatrooms": lambda: room_of(WORKERS.get()),
    "messages": lambda: message_of(WORKERS.get()),
    "users": lambda: Person().id,
}


@schemathesis.auth(refresh_interval=None)
class SignedIn:
    """Marks the cases that are to be signed in; those that test a wrong token keep the wrong one."""

    def get(self, _case, _context):
        worker = WORKERS.current or WORKERS.get()
        return f"Bearer {worker.token}"

    def set(self, case, data, _context):
        case.headers = {**(case.headers or {}), "Authorization": data}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Runs right before a request is sent, also for the copies that checks make.

    Cases are generated in advance, so that their token may have died since: it is renewed here.
    """
    if (case.headers or {}).get("Authorization") in WORKERS.tokens:
        case.headers["Authorization"] = f"Bearer {WORKERS.get().token}"
    # An id that a reply told may be tried: what happened names the keeper as well.
    if (case.path_parameters or {}).get("id") == KEEPER_ID:
        case.path_parameters["id"] = Person().id
    # One key stands for one request: the same valid one in many cases would get the reply to another.
    if VALID_KEY.fullmatch((case.headers or {}).get("Idempotency-Key") or ""):
        case.headers["Idempotency-Key"] = secrets.token_hex(16)
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if "id" in (case.path_parameters or {}):
        _, _, collection, *rest = case.operation.path.split("/")
        case.path_parameters["id"] = pictured().id if rest[-1] == "avatar" else MADE_FOR[collection]()
