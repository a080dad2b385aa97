"""The command line, and the works it asks for."""
import argparse
import shlex
from dataclasses import dataclass
from pathlib import Path

from velobench.proxies import LANES, PEERS

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent

PAYLOADS = ("small", "64k", "post10k")

# The load and the memory of idle connections are measured with a heap that neither grows nor shrinks.
STEADY = "--enable-native-access=ALL-UNNAMED -Xms512m -Xmx512m -XX:+UseSerialGC -Dreactor.netty.ioWorkerCount=1"
JVM_FLAGS = {
    "idle": STEADY + " -XX:+AlwaysPreTouch",
    # Half of 512 MiB, as the image takes it, and the collector that a JVM chooses in so small a container.
    "startup": "--enable-native-access=ALL-UNNAMED -Xmx256m -XX:+UseSerialGC",
    "profile": STEADY + " -XX:+UnlockDiagnosticVMOptions -XX:+DebugNonSafepoints",
}
WARMUP = {"idle": 20, "startup": 0}
ROUNDS = {"idle": 1, "startup": 5, "profile": 1}
SECONDS = {"profile": 15}


@dataclass(frozen=True)
class Work:
    """One thing to measure; it becomes one table."""

    mode: str  # load, tls, handshakes, routes, backends, idle, startup, profile
    payload: str = "small"
    connections: int = 64
    count: int = 0  # of routes, backends or idle connections

    @property
    def name(self):
        return {
            "load": f"{self.payload}-{self.connections}",
            "tls": f"tls-{self.payload}-{self.connections}",
            "handshakes": f"handshakes-{self.connections}",
            "startup": "startup",
            "profile": f"profile-{self.payload}-{self.connections}",
        }.get(self.mode, f"{self.mode}-{self.count}")


    @property
    def by_tls(self):
        return self.mode in ("tls", "handshakes")


# What --all does.
ALL = [
    Work("load"),
    Work("load", connections=1000),
    Work("load", payload="64k"),
    Work("load", payload="post10k"),
    Work("tls"),
    Work("handshakes"),
    Work("routes", count=10000),
    Work("backends", count=1000),
    Work("idle", count=10000),
    Work("startup", count=10000),
]


def words(text):
    return [word for word in text.split(",") if word]


def known(kind, choices):
    def check(text):
        for word in words(text):
            if word not in choices:
                raise argparse.ArgumentTypeError(f"there is no {kind} '{word}', only {', '.join(choices)}")
        return words(text)

    return check


def parser():
    result = argparse.ArgumentParser(
        prog="bench/run", 
        description="Measures what a request costs in Velo and in other load balancers, on one machine and in one run.")
    what = result.add_argument_group("what is measured; without any of these, one payload under load")
    what.add_argument("--all", action="store_true", help="every work there is, one after another, and what came of the bars")
    what.add_argument("--tls", action="store_true", help="one payload under load, by TLS on connections that are kept")
    what.add_argument("--handshakes", action="store_true", help="a TLS handshake for each request, without resumption")
    what.add_argument("--routes", type=int, metavar="N", help="N routes against 1")
    what.add_argument("--backends", type=int, metavar="N", help="N backends against 3")
    what.add_argument("--idle", type=int, metavar="N", help="memory of N idle keep-alive connections")
    what.add_argument("--startup", action="store_true", help="time to the first answer, and memory; with --idle N also "
                                                            "the memory with N connections")
    what.add_argument("--profile", metavar="NAME", help="stacks of one JVM under load, by async-profiler")

    load = result.add_argument_group("load")
    load.add_argument("--payload", choices=PAYLOADS, default="small",
                      help="about 100 bytes, 64 KiB answers, 10 KiB posts (small)")
    load.add_argument("--connections", type=int, default=64, metavar="N", help="of the load generator (64)")
    load.add_argument("--rounds", type=int, metavar="N", help="each proxy once in each of them; the median counts (3)")
    load.add_argument("--seconds", type=int, metavar="N", help="length of one measurement (8)")
    load.add_argument("--warmup", type=int, metavar="N", help="seconds of load for a JVM before the first round (60)")
    load.add_argument("--strategies", type=words, default=["roundrobin", "leastconnection"], metavar="A,B",
                      help="for --backends (roundrobin,leastconnection)")
    load.add_argument("--quick", action="store_true",
                      help="everything short, to see that it works; the figures are worthless")

    who = result.add_argument_group("who is measured")
    who.add_argument("--proxies", type=known("proxy", [*PEERS, "velo"]), default=[*PEERS, "velo"], metavar="A,B",
                     help=f"of {', '.join(PEERS)}, velo (all)")
    who.add_argument("--lanes", type=known("lane", LANES), metavar="A,B",
                     default=[lane for lane in LANES if "+" not in lane],
                     help=f"lanes of Velo, each a proxy of its own: {', '.join(LANES)} (express,gateway)")
    who.add_argument("--jdk", metavar="N|DIR", help="major version, looked for in /usr/lib/jvm, or a home (25 or newer)")
    who.add_argument("--jvm-flags", metavar="FLAGS", help="in place of the flags that the table shows")
    who.add_argument("--velo-args", type=shlex.split, default=[], metavar="ARGS",
                     help="more arguments for Velo, as --velo-args='--a=b --c=d'")
    who.add_argument("--jar", type=Path, default=ROOT / "target/velo.jar", metavar="FILE", help="Velo (target/velo.jar)")
    who.add_argument("--aot", action="store_true", help="for --startup: each JVM a second time, with an AOT cache")

    where = result.add_argument_group("where and how")
    where.add_argument("--event", default="itimer", help="for --profile: itimer, alloc, lock, … (itimer)")
    where.add_argument("--out", type=Path, metavar="FILE", help="the Markdown goes there, too")
    where.add_argument("--results", type=Path, metavar="DIR", help="JSON and SVG go there (bench/results)")
    where.add_argument("--port", type=int, default=18100, metavar="N", help="the first of about 50 ports (18100)")
    return result


def parse(arguments):
    options = parser().parse_args(arguments)
    options.command = shlex.join(["bench/run", *arguments])
    if options.profile:
        options.proxies, options.lanes = one_proxy(options.profile)
    options.aot = options.aot or options.all
    if options.results is None:
        options.results = BENCH / ("target/quick" if options.quick else "results")
    return options


def one_proxy(name):
    if name == "stock-gateway":
        return [name], []
    lane = name.removeprefix("velo-")
    if lane not in LANES:
        raise SystemExit(f"bench: --profile is '{name}' but must be stock-gateway, {', '.join(LANES)}")
    return ["velo"], [lane]


def works(options):
    payload, connections = options.payload, options.connections
    if options.all:
        return ALL
    if options.profile:
        return [Work("profile", payload, connections)]
    if options.startup:
        return [Work("startup", count=options.idle or 0)]
    for mode in ("tls", "handshakes"):
        if getattr(options, mode):
            return [Work(mode, payload, connections)]
    for mode in ("routes", "backends", "idle"):
        if getattr(options, mode):
            return [Work(mode, payload, connections, getattr(options, mode))]
    return [Work("load", payload, connections)]


@dataclass(frozen=True)
class Pace:
    """How long and how often."""

    rounds: int
    seconds: int
    warmup: int

    @staticmethod
    def of(options, mode):
        usual = (1, 2, 3) if options.quick else (ROUNDS.get(mode, 3), SECONDS.get(mode, 8), WARMUP.get(mode, 60))
        asked = (options.rounds, options.seconds, options.warmup)
        return Pace(*(own if own is not None else other for own, other in zip(asked, usual)))


def jvm_flags(options, mode):
    return shlex.split(options.jvm_flags or JVM_FLAGS.get(mode, STEADY))
