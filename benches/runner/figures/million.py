"""The same questions at a million people and at a thousand: latency of one caller at a time."""

from runner import client
from runner.database import MariaDb, Postgres, name
from runner.doorward import ADMIN
from runner.figure import Figure
from runner.load import wrk

FEW, LIMIT = 1_000, 200
CALLERS, PREFIXES = 100, 200
ENOUGH, LONGEST = 10, 60  # replies for a median, and seconds to wait for them
SETTINGS = {"password.bcrypt_cost": 4, "limits.network_searches": 1_000_000}
ENGINES = {"mariadb": MariaDb, "postgres": Postgres}


def measure(bench):
    """One set of figures for each engine that was asked for."""
    return [figure for engine in bench.engines for figure in on(bench, engine)]


def on(bench, engine):
    """Both servers run side by side; each question is put to them in turn."""
    with prepared(bench, engine, FEW) as few, prepared(bench, engine, bench.people) as many:
        asked_few, asked_many = questions(bench, few, FEW), questions(bench, many, bench.people)
        figures = {what: figure(engine, what, bench.people) for what in asked_few}
        for what, one in figures.items():
            first, second = (lambda: latency(bench, few, asked_few[what], one),
                             lambda: latency(bench, many, asked_many[what], one))
            for small, large in bench.in_turn(first, second):
                one.add(large, small)
    return list(figures.values())


def prepared(bench, engine, people):
    # The seed and the administrator are people too.
    label, copies = f"million-{engine}-{people}", people - 2
    if engine == "sqlite":
        return bench.prepared(label, copies, SETTINGS, admin=True)
    database = bench.database(ENGINES[engine])
    return bench.prepared(label, copies, SETTINGS, url=database.url, engine=database, admin=True)


def figure(engine, what, people):
    title = f"{what}, {engine}, median latency with {people:,} people against {FEW:,}"
    return Figure(f"million-{engine}-{what.replace(' ', '-')}", title, "ms", bound=1.5, aim=1.1, at_least=False)


def questions(bench, server, people):
    """Files of requests by what is asked in them: paths and tokens."""
    admin = server.sign_in(ADMIN)["access_token"]
    spread = [1 + number * (people - 3) // CALLERS for number in range(CALLERS)]
    callers = [server.sign_in(name(number))["access_token"] for number in spread]
    # Ten people each; those of both sizes are found by as many characters.
    prefixes = [name(1 + number * (people - 100) // PREFIXES)[:-1] for number in range(PREFIXES)]
    asked = {
        "me": [("/v1/users/me", token) for token in callers],
        "first page": [(f"/v1/users?limit={LIMIT}", admin)],
        "last page": [(last_page(server, admin, people), admin)],
        "search for ten": [(f"/v1/users?q={prefix}", admin) for prefix in prefixes],
        "search for all": [("/v1/users?q=person", admin)],
    }
    return {what: written(bench, f"{server.folder.name}-{what}", lines) for what, lines in asked.items()}


def last_page(server, token, people):
    """The path of the last full page, found by turning all pages: page 5,000 of a million people."""
    path = f"/v1/users?limit={LIMIT}"
    for _ in range(people // LIMIT - 1):
        page = client.expect(200, server.port, "GET", path, token=token)["page"]
        path = f"/v1/users?limit={LIMIT}&cursor={page['next_cursor']}"
    return path


def written(bench, label, lines):
    file = bench.folder / label.replace(" ", "-")
    file.write_text("".join(f"{path}\t{token}\n" for path, token in lines))
    return file


def latency(bench, server, requests, one):
    """The median milliseconds of a reply, over one connection."""
    load = lambda span: wrk(server.address, span, 1, 1, "rotating.lua", [requests])
    load(bench.warm_up)
    span = max(bench.seconds // 4, 1)
    found = load(span)
    while found["requests"] < ENOUGH and span < LONGEST:
        span *= 4
        found = load(span)
    if found["refused"] or found["failed"] or not found["requests"]:
        one.problem(f"{found['requests']} replies, {found['refused']} refused, {found['failed']} failed")
    return found["p50_us"] / 1e3
