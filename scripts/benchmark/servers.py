"""Servers on loopback that are measured, ours and the peers, each for as long as a `with`."""

import http.client
import json
import os
import random
import re
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path
from urllib.parse import unquote

from . import machine
from .machine import HOME, WORK, Failed, Missing, require, run


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A server that is told to stop at the end."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen([str(part) for part in command], **options)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def memory_mib(self):
        """What it has in memory now, and the most that it had."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        now, most = (
            int(re.search(rf"{name}:\s*(\d+)", status).group(1)) / 1024
            for name in ("VmRSS", "VmHWM")
        )
        return now, most

    def wait_for(self, is_ready, seconds=120):
        until = time.monotonic() + seconds
        while not is_ready():
            if self.process.poll() is not None:
                raise Failed(f"{self.process.args[0]} has ended with {self.process.returncode}")
            if time.monotonic() > until:
                self.process.kill()
                raise Failed(f"{self.process.args[0]} was not ready in {seconds} s")
            time.sleep(0.005)


class Wangge(Process):
    """Our server, open, on a data folder or a database."""

    def __init__(self, wangge, data, database=None):
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        command = [wangge, "--data-dir", data, "--config", WORK / "wangge.toml"]
        (WORK / "wangge.toml").touch()
        if database:
            command += ["--database-url", database]
        self.log = open(WORK / "server.log", "ab")
        begun = time.monotonic()
        super().__init__(
            [*command, "serve", "--open", "--listen", self.address],
            stdout=self.log,
            stderr=self.log,
        )
        self.wait_for(lambda: self.status("/readyz") == 200)
        self.ready_s = time.monotonic() - begun

    def status(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def ask(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status >= 300:
            raise Failed(f"{method} {path}: {answer.status} {text[:300]}")
        return text


class Bare(Process):
    """An axum handler that answers bytes it has."""

    def __init__(self, load, body):
        port = free_port()
        self.address = f"127.0.0.1:{port}"
        (WORK / "body").write_bytes(body)
        super().__init__([load, "bare", "--address", self.address, "--body", WORK / "body"])
        self.wait_for(lambda: accepts(port))


class Redis(Process):
    """Redis in memory alone."""

    def __init__(self):
        require("redis-server")
        port = free_port()
        self.address = f"127.0.0.1:{port}"
        super().__init__(
            ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", WORK],
            stdout=subprocess.DEVNULL,
        )
        self.wait_for(lambda: accepts(port))


class Martin(Process):
    """The tile server on a database, with every tile made anew."""

    def __init__(self, url):
        if not machine.martin():
            raise Missing("not installed; scripts/bench --martin builds it with cargo")
        port = free_port()
        self.address = f"127.0.0.1:{port}"
        super().__init__(
            [machine.martin(), "--listen-addresses", self.address, "--cache-size", "0",
             "--pool-size", "4", url],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.wait_for(lambda: accepts(port))


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Postgis:
    """A PostgreSQL of our own with durable commits, on a socket."""

    def __init__(self):
        self.dir = WORK / "postgis"

    def __enter__(self):
        try:
            self.url = run([HOME / "scripts/postgis", "start", self.dir]).strip().splitlines()[-1]
        except Failed as failure:
            raise Missing(str(failure)) from failure
        user, place = re.match(r"postgres://([^@]+)@(.+)/wangge", self.url).groups()
        self.user, self.socket = user, unquote(place)
        return self

    def __exit__(self, *_):
        run([HOME / "scripts/postgis", "stop", self.dir])

    def database_url(self, name):
        return self.url.removesuffix("wangge") + name

    def ogr(self, name):
        return f"PG:host={self.socket} user={self.user} dbname={name}"

    def sql(self, name, text):
        return run(
            ["psql", "-h", self.socket, "-U", self.user, "-d", name, "-X", "-q", "-t", "-A",
             "-v", "ON_ERROR_STOP=1", "-c", text]
        ).strip()

    def make(self, name):
        """A database of this name, empty."""
        self.sql("postgres", f"DROP DATABASE IF EXISTS {name}")
        self.sql("postgres", f"CREATE DATABASE {name}")
        self.sql(name, "CREATE EXTENSION postgis")

    def has(self, name):
        return self.sql("postgres", f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == "1"

    def pgbench(self, name, script, clients, seconds, rate=None, wait=True):
        """Runs a script of pgbench, prepared; per second, with p50 and p99 in µs."""
        require("pgbench")
        path = WORK / f"pgbench-{random.getrandbits(32):x}.sql"
        path.write_text(script)
        log = path.with_suffix("")
        command = [
            "pgbench", "-h", self.socket, "-U", self.user, "-n", "-M", "prepared",
            "-c", clients, "-j", min(2, clients), "-T", seconds, "-f", path,
            "-l", "--log-prefix", log, name,
        ]
        if rate:
            command += ["-R", rate]
        process = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )
        ended = lambda: self.tell(process, path, log)  # noqa: E731
        return ended() if wait else ended

    @staticmethod
    def tell(process, path, log):
        said, complaint = process.communicate()
        path.unlink()
        if process.returncode != 0:
            raise Failed(f"pgbench: {complaint[-1000:]}")
        took_us = []
        for part in log.parent.glob(log.name + ".*"):
            with open(part) as lines:
                took_us += [int(line.split()[2]) for line in lines]
            part.unlink()
        took_us.sort()
        rate = float(re.search(r"tps = ([\d.]+)", said).group(1))
        return Sample(rate, at(took_us, 0.5), at(took_us, 0.99))


def at(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


class Sample:
    """One round of one contender."""

    def __init__(self, value, p50_us=None, p99_us=None, memory_mib=None, note=None):
        self.value = value
        self.p50_us = p50_us
        self.p99_us = p99_us
        self.memory_mib = memory_mib
        self.note = note


def write_requests(path, requests):
    """Requests for the load generator: bytes with the number of answers that they get."""
    with open(path, "wb") as out:
        for request, answers in requests:
            out.write(struct.pack("<II", len(request), answers))
            out.write(request)


def get(path, headers=""):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()


def post(path, body, kind="application/json"):
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def start_load(load, address, requests, seconds=5, connections=16, protocol="http", rate=None,
               once=False, expect=None):
    """Starts sending; the answer waits for its end and tells of it."""
    command = [
        load, "send", "--address", address, "--requests", requests, "--protocol", protocol,
        "--connections", connections, "--seconds", seconds,
    ]
    if rate:
        command += ["--rate", rate]
    if once:
        command += ["--once"]
    if expect:
        command += ["--expect", expect]
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )

    def ended():
        said, complaint = process.communicate()
        if process.returncode != 0:
            raise Failed(f"load: {complaint[-1000:]}")
        return json.loads(said)

    return ended


def send(load, address, requests, each=1, **options):
    """Sends for a time; per second what went well, `each` of it in a request."""
    told = start_load(load, address, requests, **options)()
    if told["errors"] > told["count"] / 100:
        raise Failed(f"{told['errors']} of {told['count']} requests failed")
    went_well = (told["count"] - told["errors"]) * each
    return Sample(went_well / told["seconds"], told["p50_us"], told["p99_us"])


def load_average():
    return round(os.getloadavg()[0], 1)
