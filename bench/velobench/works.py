"""The works: which proxies are started for which cases, and what is measured of them in which order."""
import time
from dataclasses import dataclass

from velobench import machine, profile, readings
from velobench.aot import with_aot_cache
from velobench.options import Pace, jvm_flags
from velobench.proxies import STOCK_JAR, Case, Site, route
from velobench.readings import Load
from velobench.report import named
from velobench.running import BOTH_CORES, Backends, Process
from velobench.trouble import Trouble, say

START_PATIENCE = 300  # for 10,000 routes, which Spring takes its time to bind
BACKENDS_PORT = 1  # from the first port on
PROXIES_PORT = 10


@dataclass
class Running:
    """A proxy that has been started for a case."""

    proxy: object
    case: Case
    port: int
    java: str
    process: Process

    @property
    def pid(self):
        return self.process.pid

    @property
    def jvm(self):
        return self.proxy.jvm


def addresses(work, first_port):
    if work.mode != "backends":
        return [f"127.0.0.1:{first_port + BACKENDS_PORT + index}" for index in range(3)]
    return [f"127.0.{1 + index // 250}.{1 + index % 250}:{first_port + BACKENDS_PORT}" for index in range(work.count)]


def cases(work, options):
    if work.mode == "routes":
        return [Case(f"{count:,} route{'s' * (count > 1)}", routes=count) for count in (1, work.count)]
    if work.mode == "backends":
        return [Case(f"{count:,} backends, {strategy}", backends=count, strategy=strategy)
                for strategy in options.strategies for count in (3, work.count)]
    if work.mode == "startup" and options.aot:
        return [Case(), Case("AOT cache", aot=True)]
    if work.by_tls:
        return [Case(tls=True)]
    return [Case()]


def asked(work, case):
    """What is asked of a case: loads by the label of their row."""
    if work.mode != "routes":
        return {case.label: Load(work)}
    if case.routes == 1:
        return {case.label: Load(work, route(1))}
    return {
        f"{case.label}, the first": Load(work, route(1)),
        f"{case.label}, the last": Load(work, route(case.routes)),
        f"{case.label}, at random": Load(work, random_of=case.routes),
    }


def base(work, case):
    """The label of the row that a case is compared with."""
    return {"routes": "1 route", "backends": f"3 backends, {case.strategy}"}.get(work.mode)


class Bench:
    """One work from its first process to its last. The samples are there from the moment they were taken."""

    def __init__(self, work, options, folder, java):
        self.work, self.options, self.folder, self.java = work, options, folder, java
        self.pace = Pace.of(options, work.mode)
        self.samples = []
        self.running = []
        self.addresses = addresses(work, options.port)
        self.next_port = options.port + PROXIES_PORT
        self.backends = None

    def run(self, proxies, lost):
        """Measures all; `lost` says which proxies can't be had, and why."""
        try:
            for name in (proxy.name for proxy in proxies if proxy.name in lost):
                self.failed(name, "", lost[name])
            there = [(proxy, case) for proxy in proxies if proxy.name not in lost
                     for case in cases(self.work, self.options) if proxy.can(case)]
            self.backends = Backends(self.site("backends", self.options.port, Case()), self.addresses)
            {"idle": self.idle, "startup": self.startup, "profile": self.profile}.get(self.work.mode, self.load)(there)
        finally:
            for one in self.running:
                one.process.stop()
            if self.backends:
                self.backends.process.stop()

    # --- Kinds of works ---

    def load(self, there):
        for proxy, case in there:
            self.attempt(proxy, case, lambda: self.start(proxy, case))
        for one in list(self.running):
            self.for_each(one, self.warm)
        for number in range(1, self.pace.rounds + 1):
            for one in list(self.running):
                self.for_each(one, lambda each: self.measure(each, number))
        for one in list(self.running):
            self.for_each(one, self.note_lanes)

    def idle(self, there):
        for number in range(1, self.pace.rounds + 1):
            for proxy, case in there:
                self.alone(proxy, case, lambda one: self.hold(one, number))

    def startup(self, there):
        for number in range(1, self.pace.rounds + 1):
            for proxy, case in there:
                self.alone(proxy, case, lambda one: self.rest(one, number), BOTH_CORES)

    def profile(self, there):
        for proxy, case in there:
            if proxy.jvm:
                self.alone(proxy, case, self.sample_stacks)

    # --- Single steps ---

    def warm(self, one):
        one.process.resume()
        loads = list(asked(self.work, one.case).values())
        readings.warm(one, self.pace.warmup if one.jvm else 1, loads)
        one.process.pause()

    def measure(self, one, number):
        one.process.resume()
        for label, load in asked(self.work, one.case).items():
            sample = readings.under_load(one, load, self.pace.seconds)
            self.note(one, label, round=number, base=base(self.work, one.case), **sample)
            say(f"round {number} {named(one.proxy.name, label)}: {brief(sample)}")
        one.process.pause()

    def hold(self, one, number):
        readings.warm(one, self.pace.warmup if one.jvm else 1, [Load(self.work)])
        sample = readings.idle(one, self.work.count, heap=one.jvm)
        self.note(one, one.case.label, round=number, **sample)
        say(f"{one.proxy.name}: {sample['open']:,} connections, {sample}")

    def rest(self, one, number):
        time.sleep(1 if self.options.quick else 5)
        self.note(one, one.case.label, round=number, idle_rss_kib=machine.rss_kib(one.pid))
        if self.work.count and number == 1:
            self.note(one, one.case.label, round=number, **readings.idle(one, self.work.count, heap=False))

    def sample_stacks(self, one):
        readings.warm(one, self.pace.warmup, [Load(self.work)])
        name = f"{one.proxy.name}-{self.work.payload}-{self.work.connections}-{self.options.event}"
        profile.take(one, Load(self.work), self.pace.seconds, self.options.event, name)

    def note_lanes(self, one):
        """Notes which lane the requests took, so that a row never bears the name of another lane."""
        if one.proxy.lane:
            one.process.resume()
            self.note(one, next(iter(asked(self.work, one.case))), lanes=readings.lanes(one))

    # --- Starting and failing ---

    def site(self, name, port, case):
        work = self.folder / f"{self.work.name}-{name}"
        work.mkdir(exist_ok=True)
        work.chmod(0o755)  # nginx' worker is another user
        most = max(8 * self.work.connections, 8000, self.work.count + 100 if self.work.mode in ("idle", "startup") else 0)
        return Site(port, work, self.addresses[:case.backends], case, most,
                    java=[self.java, *jvm_flags(self.options, self.work.mode)],
                    jar=STOCK_JAR if name.startswith("stock") else self.folder / "velo.jar",
                    velo_args=self.options.velo_args)

    def start(self, proxy, case, cores=frozenset([machine.PROXY_CORE])):
        port, self.next_port = self.next_port, self.next_port + 1
        site = self.site(f"{proxy.name}-{port}", port, case)
        if case.aot:
            site = with_aot_cache(site, proxy)
        path = next(iter(asked(self.work, case).values())).prefix + "/small"
        process = Process(proxy.command(site), site.work / "out", cores)
        one = Running(proxy, case, port, self.java, process)
        try:
            took = process.await_answer(port, path, START_PATIENCE, case.tls)
        except BaseException:
            process.stop()
            raise
        self.running.append(one)
        say(f"{named(proxy.name, case.label)} answers after {took:,.0f} ms")
        for label in asked(self.work, case):
            self.note(one, label, start_ms=took)
        if self.work.mode not in ("startup", "idle", "profile"):
            process.pause()
        return one

    def alone(self, proxy, case, step, cores=frozenset([machine.PROXY_CORE])):
        """Starts a proxy for one step and ends it."""
        def start_and_step():
            step(self.start(proxy, case, cores))

        if not self.has_failed(proxy.name, case.label):
            self.attempt(proxy, case, start_and_step)
        for one in self.running:
            one.process.stop()
        self.running.clear()

    def for_each(self, one, step):
        if self.attempt(one.proxy, one.case, lambda: step(one)):
            return
        one.process.stop()
        self.running.remove(one)

    def attempt(self, proxy, case, step):
        """Whether it went well; a proxy that fails doesn't take the others with it."""
        if self.backends and not self.backends.process.running():
            raise Trouble("the backends have ended")
        try:
            step()
            return True
        except Exception as problem:  # whatever it is, the others are still to be measured
            reason = str(problem) if isinstance(problem, Trouble) else f"{type(problem).__name__}: {problem}"
            for label in asked(self.work, case):
                self.failed(proxy.name, label, reason)
            return False

    def failed(self, name, label, reason):
        say(f"{named(name, label)} failed: {reason}")
        self.samples.append({"proxy": name, "label": label, "failed": reason})

    def has_failed(self, name, label):
        return any(s["proxy"] == name and s["label"] == label and "failed" in s for s in self.samples)

    def note(self, one, label, **figures):
        self.samples.append({"proxy": one.proxy.name, "label": label, **figures})


def brief(sample):
    if not sample["requests"]:
        return "no answers"
    return (f"{sample['cpu_us'] / sample['requests']:.1f} µs, {sample['requests'] / sample['seconds']:,.0f}/s, "
            f"p99 {sample['p99_us']:,} µs, not 2xx {sample['not_2xx']}, "
            f"errors {sample['socket_errors'] + sample['timeouts']}")
