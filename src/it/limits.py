#!/usr/bin/env python3
"""Two Velo processes share a limit in Redis. Says how many requests passed, and what clients felt when Redis hung and died.

Needs: redis-server, a JDK, a built target/velo.jar. Takes about 35 seconds.
"""
import http.client
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

JAR = pathlib.Path(__file__).resolve().parents[2] / "target" / "velo.jar"
JAVA = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else "java"
RATE = 100  # granted per second
BURST = 50
ASKED = 400  # per second, by all clients together
CLIENTS = 8
SHARED_SECONDS = 10
SLOW_SECONDS = 0.1  # nobody is to wait longer because of Redis
PROCESSES = []


def fail(why):
    sys.exit(f"limits: {why}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(*command, log):
    process = subprocess.Popen(command, stdout=open(log, "ab"), stderr=subprocess.STDOUT)
    PROCESSES.append(process)
    return process


def start_redis(port, work):
    redis = start("redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no",
                  "--dir", work, log=f"{work}/redis.log")
    await_port(port)
    return redis


def await_port(port):
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    fail(f"nothing listens on port {port}")


def start_velo(port, redis, backend, work):
    return start(JAVA, "-jar", str(JAR), f"--server.port={port}", "--lb.health.enabled=false",
                 f"--lb.backends=http://127.0.0.1:{backend}", "--lb.rate-limit.store=redis",
                 "--lb.rate-limit.on-outage=local", f"--lb.rate-limit.redis.url=redis://127.0.0.1:{redis}",
                 "--lb.rate-limit.rules[0].name=all", "--lb.rate-limit.rules[0].key=route",
                 f"--lb.rate-limit.rules[0].requests={RATE}", f"--lb.rate-limit.rules[0].burst={BURST}",
                 log=f"{work}/velo-{port}.log")


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def await_ready(port):
    for _ in range(600):
        try:
            if get(port, "/readyz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    fail(f"Velo on port {port} is not ready")


def answered(port):
    """How often the store has answered this instance."""
    for line in get(port, "/actuator/prometheus")[1].splitlines():
        if line.startswith("lb_rate_limit_store_total") and 'result="answered"' in line:
            return float(line.split()[-1])
    return 0.0


class Load:
    """So many requests a second from some clients, whatever becomes of them."""

    def __init__(self, ports):
        self.answers = []  # begin, seconds, status
        self.lock = threading.Lock()
        self.going = True
        self.threads = [threading.Thread(target=self.client, args=(ports[i % len(ports)], i), daemon=True)
                        for i in range(CLIENTS)]
        self.began = time.monotonic()
        for each in self.threads:
            each.start()

    def client(self, port, number):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        due = self.began + number / ASKED
        while self.going:
            time.sleep(max(0.0, due - time.monotonic()))
            due = max(due + CLIENTS / ASKED, time.monotonic())
            begin = time.monotonic()
            try:
                connection.request("GET", "/")
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except OSError:
                connection.close()
                status = 0
            with self.lock:
                self.answers.append((begin, time.monotonic() - begin, status))

    def between(self, begin, end):
        with self.lock:
            return [each for each in self.answers if begin <= each[0] < end]

    def stop(self):
        self.going = False
        for each in self.threads:
            each.join(15)


def percentile(answers, share):
    times = sorted(each[1] for each in answers)
    return times[min(len(times) - 1, int(len(times) * share))]


def granted(answers):
    return sum(1 for each in answers if each[2] == 200)


def told(name, answers, usual):
    if not answers:
        fail(f"nobody asked: {name}")
    p99, worst = percentile(answers, 0.99), percentile(answers, 1)
    print(f"limits: {name}: {len(answers)} asked, {granted(answers)} passed, p99 {p99 * 1000:.0f} ms, "
          f"slowest {worst * 1000:.0f} ms", flush=True)
    if any(each[2] not in (200, 429) for each in answers):
        fail(f"answers that are neither 200 nor 429: {name}")
    if p99 > max(SLOW_SECONDS, 3 * usual):
        fail(f"requests waited for Redis: {name}")
    return p99


def await_shared(ports, seconds=20):
    before = [answered(port) for port in ports]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if all(answered(port) > was for port, was in zip(ports, before)):
            return
        time.sleep(0.2)
    fail("the limit is not shared again")


def shared_phase(load):
    """From the first request on: the burst and the rate, whoever was asked."""
    time.sleep(SHARED_SECONDS)
    end = time.monotonic()
    answers = load.between(0, end)
    first = min(each[0] for each in answers)
    usual = told("shared", answers, 10)
    expected = BURST + RATE * (end - first)
    off = granted(answers) / expected - 1
    print(f"limits: shared: {expected:.0f} expected, off by {off * 100:+.2f} %", flush=True)
    if abs(off) > 0.01:
        fail("two instances did not let through exactly the limit")
    return usual


def outage(name, load, seconds, usual, ports):
    begin = time.monotonic()
    time.sleep(seconds)
    answers = load.between(begin, time.monotonic())
    told(name, answers, usual)
    if granted(answers) < 1.3 * RATE * seconds:
        fail(f"two instances by themselves should let through twice the limit: {name}")


def story(work):
    redis_port, backend, ports = free_port(), free_port(), [free_port(), free_port()]
    redis = start_redis(redis_port, work)
    start(JAVA, "-jar", str(JAR), "demo-backend", str(backend), log=f"{work}/backend.log")
    for port in ports:
        start_velo(port, redis_port, backend, work)
    await_port(backend)
    for port in ports:
        await_ready(port)
    for port in ports:  # so that the first request of the load finds warm ways
        for _ in range(50):
            get(port, "/")
    time.sleep(BURST / RATE + 1)

    load = Load(ports)
    usual = shared_phase(load)
    redis.send_signal(signal.SIGSTOP)
    outage("hung", load, 4, usual, ports)
    redis.send_signal(signal.SIGCONT)
    await_shared(ports)
    redis.kill()
    redis.wait()
    outage("killed", load, 4, usual, ports)
    start_redis(redis_port, work)
    await_shared(ports)
    begin = time.monotonic()
    time.sleep(3)
    told("back", load.between(begin, time.monotonic()), usual)
    load.stop()
    print("limits: ok")


def main():
    if not shutil.which("redis-server"):
        fail("there is no redis-server")
    work = tempfile.mkdtemp()
    try:
        story(work)
    finally:
        for process in PROCESSES:
            process.send_signal(signal.SIGCONT)
            process.kill()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
