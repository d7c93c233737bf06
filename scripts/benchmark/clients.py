"""Clients that keep a pace and keep count: requests with their answers, and listeners of the
stream that notice what they were not told."""

import http.client
import json
import threading
import time

from .servers import at

# A listener hears something at least every fifteen seconds, and if only that the stream lives.
SILENCE_S = 40
# How many complaints of a kind are kept in words.
KEPT = 5


class Tally:
    """What came of the requests of a kind. Many threads may count in one."""

    def __init__(self, what):
        self.what = what
        self.took_us = []
        self.unchanged = 0
        self.busy = 0
        self.conflicts = 0
        self.errors = 0
        self.complaints = []
        self.lock = threading.Lock()

    def complain(self, text):
        with self.lock:
            self.errors += 1
            if len(self.complaints) < KEPT:
                self.complaints.append(f"{self.what}: {text}")

    def told(self):
        took_us = sorted(self.took_us)
        told = {
            "count": len(took_us), "errors": self.errors, "p50_us": at(took_us, 0.5),
            "p99_us": at(took_us, 0.99), "max_us": at(took_us, 1),
        }
        for name in ("unchanged", "busy", "conflicts"):
            if getattr(self, name):
                told[name] = getattr(self, name)
        return told


class Client:
    """A connection that stays open, for one thread."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.connection.connect()

    def ask(self, tally, method, path, body=None, headers=None, due=None, may_conflict=False):
        """Asks and counts; the time is counted from when the request was due. Gives status,
        headers and body, or None where no answer came. 304 is an answer; 429 with
        `Retry-After` asks to come again, which is done and counted; 409 is for the caller
        who expects it."""
        begun = due or time.monotonic()
        if isinstance(body, dict):
            body, headers = json.dumps(body), {"Content-Type": "application/json"}
        while True:
            try:
                self.connection.request(method, path, body, headers or {})
                answer = self.connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException) as failure:
                self.connection.close()
                tally.complain(f"{method} {path}: {failure!r}")
                return None
            wait = answer.headers.get("Retry-After")
            if answer.status != 429 or not wait:
                break
            with tally.lock:
                tally.busy += 1
            time.sleep(float(wait))
        tally.took_us.append((time.monotonic() - begun) * 1e6)
        if answer.status == 304:
            with tally.lock:
                tally.unchanged += 1
        elif answer.status == 409 and may_conflict:
            with tally.lock:
                tally.conflicts += 1
        elif not 200 <= answer.status < 300:
            tally.complain(f"{method} {path}: {answer.status} {content[:300]!r}")
        return answer.status, answer.headers, content

    def json(self, tally, method, path, body=None, **options):
        """The answer as JSON, or None where it is none of success."""
        answer = self.ask(tally, method, path, body, **options)
        return json.loads(answer[2]) if answer and 200 <= answer[0] < 300 else None


class Pace:
    """Turns at a rate, for several threads together, until a time."""

    def __init__(self, per_second, until):
        self.step = 1 / per_second
        self.begun = time.monotonic()
        self.until = until
        self.next = 0
        self.lock = threading.Lock()

    def turns(self):
        """The number of each turn, and when it is due: now, or, behind, already past."""
        while True:
            with self.lock:
                turn = self.next
                self.next += 1
            due = self.begun + turn * self.step
            if due >= self.until:
                return
            time.sleep(max(0, due - time.monotonic()))
            yield turn, due


class Listener(threading.Thread):
    """Listens to the stream. Of incidents it must hear every version once and in order, and
    every edition; with `breaks_every_s` it leaves now and then and comes back with the last
    event that it heard."""

    def __init__(self, port, topics, breaks_every_s=None):
        super().__init__(daemon=True)
        self.port = port
        self.topics = topics
        self.breaks_every_s = breaks_every_s
        self.versions = {}
        self.editions = set()
        self.events = 0
        self.returns = 0
        self.last = None
        self.place = (0, 0)
        self.is_stopped = False
        self.listens = threading.Event()
        self.complaints = []

    def run(self):
        while not self.is_stopped:
            try:
                self.listen()
            except (OSError, http.client.HTTPException, ValueError) as failure:
                self.complaints.append(f"the stream broke off: {failure!r}")
                return
            if not self.is_stopped:
                self.returns += 1
                time.sleep(1)

    def listen(self):
        """Once, until it is time to break off."""
        until = time.monotonic() + (self.breaks_every_s or float("inf"))
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SILENCE_S)
        headers = {"Last-Event-ID": self.last} if self.last else {}
        connection.request("GET", f"/api/v1/stream?topics={self.topics}", headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise ValueError(f"{answer.status} {answer.read()[:300]!r}")
        heard = bytearray()
        while not self.is_stopped and time.monotonic() < until:
            piece = answer.read1(1 << 16)
            if not piece:
                raise ValueError("the server has ended it")
            heard += piece
            while (end := heard.find(b"\n\n")) >= 0:
                self.take(bytes(heard[:end]))
                del heard[:end + 2]
        connection.close()

    def take(self, event):
        lines = (line.split(b":", 1) for line in event.split(b"\n") if not line.startswith(b":"))
        fields = {name.decode(): value.strip() for name, value in lines}
        if "event" not in fields:
            return
        self.listens.set()
        kind = fields["event"].decode()
        if "id" in fields:
            self.last = fields["id"].decode()
            place = tuple(map(int, self.last.split("-")))
            if place < self.place or (place == self.place and kind != "hello"):
                self.complaints.append(f"{kind} {self.last} came after {self.place}")
            self.place = place
        self.events += 1
        if kind == "reset":
            self.complaints.append("a reset, though nothing is as old as that")
        elif kind == "incident":
            told = json.loads(fields["data"])
            before = self.versions.get(told["id"], 0)
            if told["version"] != before + 1:
                self.complaints.append(
                    f"incident {told['id']}: version {told['version']} after {before}"
                )
            self.versions[told["id"]] = told["version"]
        elif kind == "edition":
            self.editions.add(json.loads(fields["data"])["id"])

    def lacks(self, versions, editions):
        """What it was not told of: incidents with their latest known version, editions."""
        incidents = [
            number for number, version in versions.items()
            if self.versions.get(number, 0) < version
        ]
        return incidents + [f"edition {edition}" for edition in editions - self.editions]
