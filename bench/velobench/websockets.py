"""Many WebSockets with messages flowing, a reload and a drain in between: what each costs, and whether any is lost."""
import argparse
import asyncio
import json
import multiprocessing
import struct
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from velobench import install, machine
from velobench.options import ROOT
from velobench.running import raise_file_limit

PORT = 18350
TOKEN = "for-this-measurement-alone"
FLAGS = "--enable-native-access=ALL-UNNAMED -Xms256m -Xmx256m -XX:+UseSerialGC"
SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n"
ASK = (b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
TEXT, CLOSE = 1, 8
MASK = b"\x01\x02\x03\x04"
TEXT_SENT = b"0123456789abcdef" * 4
EVERY = 5.0  # seconds from one message on a connection to the next


def frame(opcode, payload, masked):
    if not masked:
        return struct.pack("!BB", 0x80 | opcode, len(payload)) + payload
    return struct.pack("!BB", 0x80 | opcode, 0x80 | len(payload)) + MASK + bytes(
        byte ^ MASK[i % 4] for i, byte in enumerate(payload))


async def read_frame(reader):
    """Opcode and payload; only short ones are sent here."""
    first, second = await reader.readexactly(2)
    mask = await reader.readexactly(4) if second & 0x80 else b""
    payload = await reader.readexactly(second & 0x7F)
    if mask:
        payload = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return first & 0xF, payload


async def echo(reader, writer):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"upgrade: websocket" not in head.lower():
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            return
        writer.write(SWITCHED)
        while True:
            opcode, payload = await read_frame(reader)
            writer.write(frame(opcode, payload, masked=False))
            if opcode == CLOSE:
                return
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


def backend(port):
    raise_file_limit()

    async def serve():
        server = await asyncio.start_server(echo, "127.0.0.1", port, backlog=4096)
        await server.serve_forever()

    asyncio.run(serve())


class Crowd:
    """The clients. One that is told to go away, 1001, comes back."""

    def __init__(self, port, count):
        self.port = port
        self.count = count
        self.open = 0
        self.figures = {"answered": 0, "came_back": 0, "lost": 0, "slowest_ms": 0.0}
        self.room = asyncio.Semaphore(200)  # connects at once
        self.over = asyncio.Event()

    async def hold(self, number):
        while not self.over.is_set():
            try:
                async with self.room:
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                    writer.write(ASK)
                    head = await reader.readuntil(b"\r\n\r\n")
                if not head.startswith(b"HTTP/1.1 101"):
                    raise ConnectionError(head.splitlines()[0].decode())
                self.open += 1
                try:
                    told = await self.talk(reader, writer, EVERY * number / self.count)
                finally:
                    self.open -= 1
                    writer.close()
                self.figures["came_back"] += told
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                if not self.over.is_set():
                    self.figures["lost"] += 1
                    self.figures["why"] = str(error)
                await asyncio.sleep(1)

    async def talk(self, reader, writer, first):
        pause = first
        while not self.over.is_set():
            try:
                opcode, payload = await asyncio.wait_for(read_frame(reader), pause)
            except asyncio.TimeoutError:
                sent = time.monotonic()
                writer.write(frame(TEXT, TEXT_SENT, masked=True))
                opcode, payload = await read_frame(reader)
                took = (time.monotonic() - sent) * 1000
                self.figures["slowest_ms"] = max(self.figures["slowest_ms"], took)
            pause = EVERY
            if opcode == CLOSE:
                writer.write(frame(CLOSE, payload, masked=True))
                if payload[:2] != struct.pack("!H", 1001):
                    raise ConnectionError(f"closed with {payload!r}")
                return True
            if payload != TEXT_SENT:
                raise ConnectionError("another message")
            self.figures["answered"] += 1
        return False

    async def all_open(self, seconds=120):
        end = time.monotonic() + seconds
        while self.open < self.count:
            if time.monotonic() > end:
                raise SystemExit(f"only {self.open} of {self.count} are open: {self.figures}")
            await asyncio.sleep(0.2)


def config(folder, ports, strategy):
    text = f"""
server: {{ address: 127.0.0.1, port: {PORT} }}
lb:
  strategy: {strategy}
  admin: {{ token: {TOKEN} }}
  drain-timeout: 3s
  connections: {{ max-per-backend: 20000, queue: 20000, queue-timeout: 30s }}
  backends:
    - {{ id: b1, url: "http://127.0.0.1:{ports[0]}" }}
    - {{ id: b2, url: "http://127.0.0.1:{ports[1]}" }}
"""
    part = folder / "new.yaml"
    part.write_text(text)
    part.rename(folder / "velo.yaml")


def ask(path, method="GET"):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", method=method, data=b"" if method == "POST" else None)
    request.add_header("Authorization", f"Bearer {TOKEN}")
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


def settled_rss(pid, java):
    """After a collection, so that garbage doesn't count."""
    subprocess.run([java.with_name("jcmd"), str(pid), "GC.run"], check=True, capture_output=True)
    time.sleep(1)
    return machine.rss_kib(pid)


async def story(options, velo, java, folder, ports):
    small = Crowd(PORT, 100)
    tasks = [asyncio.create_task(small.hold(i)) for i in range(small.count)]
    await small.all_open()
    await asyncio.sleep(EVERY)
    await leave(small, tasks)
    before = settled_rss(velo.pid, java)
    crowd = Crowd(PORT, options.count)
    tasks = [asyncio.create_task(crowd.hold(i)) for i in range(crowd.count)]
    started = time.monotonic()
    await crowd.all_open()
    opened = time.monotonic() - started
    await asyncio.sleep(options.seconds / 3)
    held = await asyncio.to_thread(settled_rss, velo.pid, java)
    came_back = crowd.figures["came_back"]
    config(folder, ports, "leastconnection")
    await asyncio.to_thread(ask, "/actuator/refresh", "POST")
    await asyncio.sleep(options.seconds / 3)
    by_reload = crowd.figures["came_back"] - came_back
    await asyncio.to_thread(ask, "/actuator/pools/default/backends/b1/drain", "POST")
    await asyncio.sleep(options.seconds / 3)
    await crowd.all_open()
    in_flight = {b["id"]: b["inFlight"] for b in (await asyncio.to_thread(ask, "/actuator/pools/default"))["backends"]}
    result = {
        "count": options.count,
        "opened_s": round(opened, 1),
        "kib_each": round((held - before) / options.count, 2),
        "rss_mib": round(held / 1024),
        "ended_by_reload": by_reload,
        "moved_by_drain": crowd.figures["came_back"] - came_back - by_reload,
        "in_flight": in_flight,
        **crowd.figures,
    }
    await leave(crowd, tasks)
    return result


async def leave(crowd, tasks):
    crowd.over.set()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="WebSockets held at once")
    parser.add_argument("--seconds", type=int, default=60, help="for how long")
    parser.add_argument("--jdk", default="", help="which JDK runs Velo: a version, or its directory")
    parser.add_argument("--jar", type=Path, default=ROOT / "target/velo.jar", help="which Velo")
    parser.add_argument("--express", default="true", choices=("true", "false"), help="whether the express lane is on")
    parser.add_argument("--out", default="", help="where the figures go, as JSON")
    options = parser.parse_args()
    raise_file_limit()
    install.velo(options.jar)
    java = Path(install.java(options.jdk))
    ports = [PORT + 1, PORT + 2]
    backends = [multiprocessing.Process(target=backend, args=(port,), daemon=True) for port in ports]
    for each in backends:
        each.start()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config(folder, ports, "roundrobin")
        with open(folder / "velo.log", "wb") as log:
            velo = subprocess.Popen(
                [java, *FLAGS.split(), "-jar", options.jar.resolve(), "--config", folder / "velo.yaml",
                 f"--lb.express.enabled={options.express}"],
                stdout=log, stderr=subprocess.STDOUT, cwd=folder)
        try:
            await_ready(velo)
            result = asyncio.run(story(options, velo, java, folder, ports))
        finally:
            velo.terminate()
            velo.wait(60)
            for each in backends:
                each.kill()
    print(json.dumps(result, indent=2))
    if options.out:
        Path(options.out).write_text(json.dumps(result, indent=2) + "\n")
    if result["lost"] or result["ended_by_reload"]:
        raise SystemExit("WebSockets were lost")


def await_ready(velo):
    end = time.monotonic() + 60
    while velo.poll() is None and time.monotonic() < end:
        try:
            if ask("/readyz")["status"] == "UP":
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("Velo isn't ready")
