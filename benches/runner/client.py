"""Single requests: to prepare people and sessions, and to capture a reply."""

import http.client
import json
import socket

from runner.processes import Failed


def ask(port, method, path, body=None, token=None):
    """Status, header fields and body (read as JSON, if it is any) of one request."""
    fields = {"Authorization": f"Bearer {token}"} if token else {}
    if body is not None:
        fields["Content-Type"] = "application/json"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, fields)
        reply = connection.getresponse()
        raw = reply.read()
        is_json = "json" in (reply.getheader("Content-Type") or "")
        return reply.status, dict(reply.getheaders()), json.loads(raw) if is_json and raw else raw
    finally:
        connection.close()


def expect(status, port, method, path, **parts):
    """The body of a reply that must have this status."""
    got, _, body = ask(port, method, path, **parts)
    if got != status:
        raise Failed(f"{method} {path}: {got} instead of {status}: {body}")
    return body


def captured(port, path, token):
    """A whole reply as it came over the wire."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request.encode())
        reply = b""
        while part := connection.recv(65536):
            reply += part
    if b" 200 " not in reply[:16]:
        raise Failed(f"GET {path}: {reply[:200]!r}")
    return reply
