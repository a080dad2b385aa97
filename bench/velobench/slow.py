"""What clients see of one backend in three that gets two seconds slower, at a fixed rate, by strategy."""
import argparse
import asyncio
import json
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from velobench import install, machine
from velobench.options import ROOT
from velobench.proxies import CONF, TARGET, Case, Site, haproxy, velo

PORT = 18300
DELAY = 2.0
STRATEGIES = ("roundrobin", "leastconnection", "p2c", "leasttime")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
FLAGS = "--enable-native-access=ALL-UNNAMED -Xms256m -Xmx256m -XX:+UseSerialGC"


class Backends:
    """Three of them in this process; the last one answers late while it is told to, but is healthy."""

    def __init__(self):
        self.ports = [PORT + 1, PORT + 2, PORT + 3]
        self.delay = 0.0
        self.answered = dict.fromkeys(self.ports, 0)

    def start(self):
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve(ready)), daemon=True).start()
        ready.wait()

    async def serve(self, ready):
        for port in self.ports:
            await asyncio.start_server(lambda reader, writer, of=port: self.client(reader, writer, of), "127.0.0.1", port)
        ready.set()
        await asyncio.Event().wait()

    async def client(self, reader, writer, port):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if b" /health " not in head:
                    await asyncio.sleep(self.delay if port == self.ports[-1] else 0)
                    self.answered[port] += 1
                writer.write(ANSWER)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def autocannon():
    folder = TARGET / "autocannon"
    program = folder / "node_modules/autocannon"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--no-save", "--silent", "--prefix", folder, "autocannon@8.0.0"], check=True)
    return program


def load(options, seconds):
    command = ["node", CONF / "steady.js", autocannon(), f"http://127.0.0.1:{PORT}/", str(options.rate), str(seconds)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def await_answer():
    for _ in range(300):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=1).read()
        except OSError:
            time.sleep(0.1)
    raise SystemExit("slow: the proxy doesn't answer")


def measured(options, backends, name, command, late):
    """One proxy: some load on three good backends, then the one that counts."""
    with tempfile.TemporaryFile() as log:
        proxy = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            await_answer()
            load(options, options.warmup)
            backends.delay = DELAY if late else 0
            before = dict(backends.answered)
            result = load(options, options.seconds)
            share = [backends.answered[port] - before[port] for port in backends.ports]
        finally:
            backends.delay = 0
            proxy.terminate()
            proxy.wait()
    print(f"slow: {name}: p99 {result['p99']} ms, {share[-1]} of {sum(share)} to the slow one", flush=True)
    return {"name": name, "p50": result["p50"], "p99": result["p99"], "p99.9": result["p99_9"],
            "requests": result["answered"], "failed": result["failed"], "slow": share[-1]}


def runs(options, backends, work):
    java = [install.java(options.jdk), *FLAGS.split()]

    def site(strategy, count):
        case = Case(backends=count, strategy=strategy)
        return Site(PORT, work, [f"127.0.0.1:{port}" for port in backends.ports[:count]], case, 4096, java, options.jar)

    yield "velo, two good backends", velo("express")(site("roundrobin", 2)), False
    for strategy in STRATEGIES:
        yield f"velo {strategy}", velo("express")(site(strategy, 3)), True
    for strategy in ("roundrobin", "leastconnection"):
        yield f"haproxy {strategy}", haproxy(site(strategy, 3)), True


def table(rows):
    base = rows[0]["p99"]
    lines = ["| proxy | requests | of them to the slow one | p50 ms | p99 ms | p99.9 ms | p99 × two good ones | failed |",
             "|---|---:|---:|---:|---:|---:|---:|---:|"]
    lines += [f"| {row['name']} | {row['requests']:,} | {row['slow']} | {row['p50']} | {row['p99']} | {row['p99.9']} | "
              f"{row['p99'] / max(base, 0.1):.2f} | {row['failed']} |" for row in rows]
    return "\n".join(lines)


def described(options):
    here, versions = machine.describe(install.java(options.jdk)), machine.versions()
    return (f"`bench/slow`  \n{here['cpu']}, {here['cores']} cores, {here['kernel']}, {here['jdk']}; haproxy {versions['haproxy']}, "
            f"velo {install.velo_version()}; JVM flags `{FLAGS}`")


def main():
    options = parse()
    install.packages(["haproxy"])
    install.velo(options.jar)
    backends = Backends()
    backends.start()
    with tempfile.TemporaryDirectory() as work:
        rows = [measured(options, backends, *run) for run in runs(options, backends, Path(work))]
    text = (f"**One of three backends answers {DELAY:g} s later, {options.rate} requests/s for {options.seconds} s** "
            f"({time.strftime('%Y-%m-%d')})\n\n{table(rows)}\n\n{described(options)}\n")
    print(text)
    if options.out:
        options.out.write_text(text)


def parse():
    parser = argparse.ArgumentParser(prog="bench/slow", description=__doc__)
    parser.add_argument("--jdk", metavar="N|DIR")
    parser.add_argument("--jar", type=Path, default=ROOT / "target/velo.jar", metavar="FILE")
    parser.add_argument("--rate", type=int, default=200, help="requests/s, evenly spread, each on a connection of its own (200)")
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--warmup", type=int, default=8)
    parser.add_argument("--out", type=Path, metavar="FILE")
    return parser.parse_args()
