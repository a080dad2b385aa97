"""Measurements of one running proxy. Each gives a sample: a dict for the report, in the units of its keys."""
import json
import socket
import subprocess
import time

from velobench import machine
from velobench.options import BENCH
from velobench.running import BOTH_CORES, connected
from velobench.trouble import Trouble

SETTLE_SECONDS = 1  # of load before each measurement, because the proxy was stopped while others had their turn


class Load:
    """What the load generator asks for."""

    def __init__(self, work, prefix="", random_of=0):
        self.work = work
        self.prefix = prefix  # before the path of the payload
        self.random_of = random_of  # so many prefixes, one at random for each request

    def command(self, port, seconds):
        script = [str(10240 if self.work.payload == "post10k" else 0), str(self.random_of)]
        scheme = "https" if self.work.by_tls else "http"
        close = ["-H", "Connection: close"] if self.work.mode == "handshakes" else []
        return ["wrk", "-t1", f"-c{self.work.connections}", f"-d{seconds}s", "--timeout", "10s", *close,
                "-s", str(BENCH / "conf/load.lua"), f"{scheme}://127.0.0.1:{port}{self.path()}", "--", *script]

    def path(self):
        return f"{self.prefix}/{self.work.payload}"

    def run(self, port, seconds):
        try:
            done = subprocess.run(self.command(port, seconds), capture_output=True, text=True, timeout=seconds + 30)
        except subprocess.TimeoutExpired:
            raise Trouble("the load generator didn't come to an end") from None
        found = [line[5:] for line in done.stdout.splitlines() if line.startswith("JSON ")]
        if not found:
            raise Trouble(f"no result from the load generator: {done.stderr.strip()[-200:]}")
        return json.loads(found[0])


def warm(proxy, seconds, loads):
    """While a JVM warms up its compiler may use the other core, too; that halves the time until it has settled."""
    machine.bind(proxy.pid, BOTH_CORES)
    for load in loads:
        if not load.run(proxy.port, max(1, seconds // len(loads)))["requests"]:
            raise Trouble("no answers while warming up")
    machine.bind(proxy.pid, {machine.PROXY_CORE})


def under_load(proxy, load, seconds):
    load.run(proxy.port, SETTLE_SECONDS)
    core, jit, cpu = machine.core_micros(), machine.jit_micros(proxy.pid), machine.cpu_micros(proxy.pid)
    result = load.run(proxy.port, seconds)
    used = machine.cpu_micros(proxy.pid) - cpu
    sample = {
        "cpu_us": used,
        "jit_us": machine.jit_micros(proxy.pid) - jit,
        "core_us": machine.core_micros() - core,
        "rss_kib": machine.rss_kib(proxy.pid),
        **result,
    }
    if not proxy.process.running():
        raise Trouble(f"ended under load: {proxy.process.last_words()}")
    return sample


def idle(proxy, count, heap):
    """Memory before and with so many connections that have had one request each and keep silent; the live heap, too."""
    settle(proxy)
    before = memory(proxy, heap)
    held = []
    problem = ""
    try:
        while len(held) < count:
            held.append(connection(proxy.port))
    except OSError as error:
        problem = f"connection {len(held) + 1}: {error}"
    settle(proxy)
    after = memory(proxy, heap)
    open_now = sum(still_open(one) for one in held)
    for one in held:
        one.close()
    return {"wanted": count, "open": open_now, "problem": problem,
            **{f"{key}_before_kib": value for key, value in before.items()},
            **{f"{key}_kib": value for key, value in after.items()}}


def settle(proxy, patience=15):
    """Waits until a JVM's compiler, whose memory comes and goes, has nothing more to do."""
    for _ in range(patience):
        before = machine.jit_micros(proxy.pid)
        time.sleep(2)
        if machine.jit_micros(proxy.pid) == before:
            return


def memory(proxy, heap):
    live = {"heap": machine.live_heap_kib(proxy.java, proxy.pid)} if heap else {}
    return {**live, "rss": machine.rss_kib(proxy.pid)}


def connection(port):
    client = socket.create_connection(("127.0.0.1", port), timeout=10)
    client.sendall(b"GET /small HTTP/1.1\r\nHost: localhost\r\n\r\n")
    if not client.recv(4096).startswith(b"HTTP/1.1 200"):
        raise OSError("not a 200")
    client.setblocking(False)
    return client


def still_open(client):
    try:
        return bool(client.recv(1))
    except BlockingIOError:
        return True
    except OSError:
        return False


def lanes(proxy):
    """How many requests took each lane, from Velo's own meters; empty if they can't be read."""
    try:
        with connected(proxy.port, proxy.case.tls, timeout=20) as client:
            client.sendall(b"GET /actuator/prometheus HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            with client.makefile(errors="replace") as answer:
                counts = [line for line in answer if line.startswith("lb_requests_seconds_count")]
    except OSError:
        return {}
    result = {}
    for line in counts:
        lane = machine.first(r'lane="(\w+)"', line)
        result[lane] = result.get(lane, 0) + int(float(line.split()[-1]))
    return result
