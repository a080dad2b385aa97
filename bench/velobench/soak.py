"""bench/soak: the command line, the processes, and the verdict."""
import argparse
import asyncio
import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from velobench import install
from velobench.options import ROOT
from velobench.proxies import LANES
from velobench.running import BOTH_CORES, Process, raise_file_limit, status
from velobench.soak_stories import STORIES, clients
from velobench.soak_readings import Readings
from velobench.trouble import Trouble, say

# The heap is resident from the start, so that the resident memory tells of what lies outside. Netty on a JDK from 24 on takes
# its buffers from malloc, where neither the JVM's meters nor its native memory tracking sees them.
FLAGS = ["--enable-native-access=ALL-UNNAMED", "-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC",
         "-XX:+ExitOnOutOfMemoryError", "-Dio.netty.leakDetection.level=paranoid"]
HEAP_MIB = 256

# Quick probes, short ejections and short-lived connections, so that much happens in little time.
SETTINGS = {
    "health": {"interval": "1s", "timeout": "500ms", "fast-interval": "300ms"},
    "circuit": {"timeout": "1s"},
    "connections": {"idle": "3s", "max-life": "10s"},
}
BACKENDS = 3
DRAIN_SECONDS = 20  # in which the last request has to end and the last backend to come back
LEAST_WARMUP, WARMUP_SHARE = 15, 0.25


def options():
    result = argparse.ArgumentParser(prog="bench/soak", description="Velo under everything that clients and backends do "
                                     "wrong. Exits with 1 if a request stays in flight, a buffer leaks, an answer is "
                                     "wrong, the log holds an error, or memory grows.")
    result.add_argument("--minutes", type=float, default=10, metavar="N", help="(10)")
    result.add_argument("--clients", type=int, default=40, metavar="N", help="at once (40)")
    result.add_argument("--lane", choices=[lane for lane in LANES if "+" not in lane], default="express", help="(express)")
    result.add_argument("--stories", type=lambda text: text.split(","), metavar="A,B", help="only these")
    result.add_argument("--calm", action="store_true", help="leave the backends alone")
    result.add_argument("--reload", metavar="CMD", help="run every ten seconds by a shell that knows VELO_URL, VELO_CONFIG "
                                                        "(the file) and VELO_PID; it has to exit with 0")
    result.add_argument("--heap-growth", type=float, default=16, metavar="MIB", help="most from the first reading on (16)")
    result.add_argument("--native-growth", type=float, default=48, metavar="MIB", help="the same for memory outside (48)")
    result.add_argument("--jdk", metavar="N|DIR", help="as in bench/run")
    result.add_argument("--jar", type=Path, default=ROOT / "target/velo.jar", metavar="FILE", help="(target/velo.jar)")
    result.add_argument("--velo-args", type=shlex.split, default=[], metavar="ARGS", help="as in bench/run")
    result.add_argument("--port", type=int, default=18300, metavar="N", help="the first of four (18300)")
    result.add_argument("--seed", type=int, default=random.randrange(10**6), metavar="N", help="of what happens when")
    return result.parse_args()


def main():
    given = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    soak = Soak(given, folder)
    try:
        faults = soak.run()
    except Trouble as trouble:
        faults = [str(trouble)]
    except KeyboardInterrupt:
        faults = ["interrupted"]
    finally:
        soak.stop()
        kept = ROOT / "bench/target/soak.log"
        kept.parent.mkdir(exist_ok=True)
        if soak.log.exists():
            shutil.copy(soak.log, kept)
        shutil.rmtree(folder)
    for fault in faults:
        say(f"FAULT: {fault}")
    say(f"{'failed' if faults else 'passed'}; Velo's log is in {kept}")
    sys.exit(1 if faults else 0)


class Soak:
    """Velo, its backends, and what is done to them."""

    def __init__(self, given, folder):
        self.given, self.folder = given, folder
        self.port = given.port
        self.log = folder / "velo.log"
        self.backends = {}
        self.velo = None
        self.endings = Counter()
        self.kills = self.reloads = self.failed_reloads = 0
        wanted = given.stories or [story.__name__ for story in STORIES]
        self.stories = [story for story in STORIES if story.__name__ in wanted]
        random.seed(given.seed)

    def run(self):
        """What was found wrong."""
        raise_file_limit()
        if not self.stories:
            raise Trouble(f"--stories must be of {', '.join(dict.fromkeys(story.__name__ for story in STORIES))}")
        install.velo(self.given.jar)
        java = install.java(self.given.jdk)
        for number in range(1, BACKENDS + 1):
            self.start_backend(number)
        self.start_velo(java)
        readings = Readings(java, self.velo.pid, self.port, HEAP_MIB)
        seconds = self.given.minutes * 60
        warmup = max(LEAST_WARMUP, seconds * WARMUP_SHARE)
        say(f"seed {self.given.seed}; {warmup:.0f} s to settle, then {seconds:.0f} s")
        self.endure(warmup)
        faults = self.calm_faults(readings)
        before = readings.memory()
        self.endings.clear()
        self.endure(seconds)
        faults += self.calm_faults(readings)
        after = readings.memory()
        self.print_endings()
        readings.print_growth(before, after)
        return faults + self.wrong_answers() + self.growth_faults(before, after) + self.log_faults()

    # --- Processes ---

    def start_backend(self, number):
        script = Path(__file__).with_name("soak_backend.py")
        command = [sys.executable, "-B", str(script), str(self.port + number)]
        environment = {**os.environ, "PYTHONPATH": str(script.parent.parent)}
        self.backends[number] = subprocess.Popen(command, env=environment, start_new_session=True)

    def start_velo(self, java):
        config = self.folder / "velo.yaml"
        urls = [f"http://127.0.0.1:{self.port + number}" for number in self.backends]
        config.write_text(json.dumps({"server": {"address": "127.0.0.1", "port": self.port},
                                      "lb": {"backends": urls, **SETTINGS}}, indent=1))
        command = [java, *FLAGS, "-jar", str(self.given.jar.resolve()), "--config", str(config), *LANES[self.given.lane],
                   *self.given.velo_args]
        self.velo = Process(command, self.log, BOTH_CORES)
        self.velo.await_answer(self.port, "/readyz", 60)
        self.environment = {**os.environ, "VELO_URL": f"http://127.0.0.1:{self.port}", "VELO_CONFIG": str(config),
                            "VELO_PID": str(self.velo.pid)}

    def stop(self):
        for backend in self.backends.values():
            backend.kill()
            backend.wait()
        if self.velo:
            self.velo.stop()

    # --- What happens ---

    def endure(self, seconds):
        """Clients, and trouble with the backends, for so long; at the end all backends run."""
        asyncio.run(self.clients_and_trouble(seconds))

    async def clients_and_trouble(self, seconds):
        trouble = [] if self.given.calm else [asyncio.create_task(self.troubles())]
        if self.given.reload:
            trouble.append(asyncio.create_task(self.reloading()))
        self.endings += await clients(self.port, self.given.clients, seconds, self.stories)
        for task in trouble:
            task.cancel()
        await asyncio.gather(*trouble, return_exceptions=True)

    async def troubles(self):
        """One backend at a time is killed and started again, or frozen for a while."""
        while True:
            await asyncio.sleep(random.uniform(2, 5))
            number = random.choice(list(self.backends))
            kill = random.random() < 0.7
            self.kills += 1
            try:
                self.backends[number].send_signal(signal.SIGKILL if kill else signal.SIGSTOP)
                await asyncio.sleep(random.uniform(0.2, 3))
            finally:
                if kill:
                    self.backends[number].wait()
                    self.start_backend(number)
                else:
                    self.backends[number].send_signal(signal.SIGCONT)

    async def reloading(self):
        while True:
            await asyncio.sleep(10)
            process = await asyncio.create_subprocess_shell(self.given.reload, env=self.environment)
            self.reloads += 1
            if await process.wait():
                self.failed_reloads += 1

    # --- What is found ---

    def calm_faults(self, readings):
        """With no clients left nothing may be in flight, and every backend has to come back."""
        if not self.velo.running():
            raise Trouble(f"Velo has ended: {self.velo.last_words()}")
        faults = readings.await_calm(DRAIN_SECONDS)
        failed = sum(status(self.port, "/?id=1&size=100") != 200 for _ in range(300))
        if failed:
            faults.append(f"{failed} of 300 requests failed after all backends had come back")
        return faults

    def wrong_answers(self):
        faults = [f"{story}: {count} times: {detail}" for (story, ending, detail), count in self.endings.items()
                  if ending == "wrong"]
        if not any(ending == "well" for _, ending, _ in self.endings):
            faults.append("not one story went well")
        if self.failed_reloads:
            faults.append(f"{self.failed_reloads} of {self.reloads} reloads failed")
        return faults

    def growth_faults(self, before, after):
        limits = {"heap": self.given.heap_growth, "memory outside the heap": self.given.native_growth}
        return [f"{name} grew from {before[name]:.1f} to {after[name]:.1f} MiB" for name, limit in limits.items()
                if after[name] - before[name] > limit]

    def log_faults(self):
        lines = self.log.read_text(errors="replace").splitlines()
        bad = [line for line in lines if "LEAK:" in line or " ERROR " in line or line.startswith(("\tat ", "Caused by:"))]
        say(f"Velo logged {len(lines)} lines, {sum(' WARN ' in line for line in lines)} warnings")
        return [f"{len(bad)} lines such as this in the log: {bad[0].strip()[:200]}"] if bad else []

    def print_endings(self):
        say(f"{self.kills} backends killed or frozen, {self.reloads} reloads")
        stories = Counter()
        for (story, ending, detail), count in self.endings.items():
            stories[story, ending + (" " + detail if ending == "unavailable" else "")] += count
        for story in sorted({story for story, _ in stories}):
            told = ", ".join(f"{count:,} {ending}" for (name, ending), count in sorted(stories.items()) if name == story)
            say(f"  {story}: {told}")
