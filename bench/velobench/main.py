"""From the command line to the report."""
import os
import shutil
import signal
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from velobench import install, machine, report
from velobench.options import Pace, jvm_flags, parse, works
from velobench.proxies import proxies
from velobench.running import raise_file_limit
from velobench.trouble import Trouble, say
from velobench.works import Bench


def main():
    """Measures what a request costs in Velo and in other load balancers, on one machine and in one run."""
    options = parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        measure(options)
    except Trouble as trouble:
        say(trouble)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def measure(options):
    if os.cpu_count() < 2:
        raise Trouble("needs two cores")
    raise_file_limit()
    chosen = proxies(options)
    java = install.java(options.jdk)
    lost = install.everything(chosen, options)
    # This process and all it starts share the core of the load generator; only proxies get the other one.
    os.sched_setaffinity(0, {machine.LOAD_CORE})
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    folder.chmod(0o755)
    try:
        # A copy, because a build beside a run would pull the jar from under it.
        shutil.copy(options.jar, folder / "velo.jar")
        with_report(options, chosen, lost, folder, java)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def with_report(options, chosen, lost, folder, java):
    """Measures one work after another. What was measured is reported, also if something then goes wrong."""
    tables, runs = [], []
    try:
        for work in works(options):
            bench = Bench(work, options, folder, java)
            try:
                bench.run(chosen, lost)
            except Trouble as trouble:
                if not options.all:
                    raise
                say(f"{work.name}: {trouble}")
            finally:
                if bench.samples and work.mode != "profile":
                    run = report.summarised(described(work, options, java), bench.samples)
                    runs.append(run)
                    report.write(run, options.results / f"{run['date']}-{work.name}")
                    tables.append(report.markdown(run))
                    print(tables[-1] + "\n", flush=True)
    finally:
        if options.all and runs:
            tables.insert(0, report.overview(runs))
            print(tables[0])
        if options.out and tables:
            options.out.write_text("\n\n".join(tables) + "\n")


def described(work, options, java):
    """What was measured, where, with which versions."""
    pace = Pace.of(options, work.mode)
    versions = machine.versions()
    versions["Spring Boot and Cloud"] = install.spring_versions(install.ROOT / "pom.xml")
    versions["velo"] = f"{install.velo_version()} (jar {report.digest(options.jar)})"
    return {
        "mode": work.mode,
        "date": datetime.now(timezone.utc).date().isoformat(),
        "command": options.command,
        "quick": options.quick,
        "payload": work.payload,
        "connections": work.connections,
        "count": work.count,
        "rounds": pace.rounds,
        "seconds": pace.seconds,
        "warmup": pace.warmup,
        "machine": machine.describe(java) | {"jvm_flags": " ".join(jvm_flags(options, work.mode)),
                                             "velo_args": " ".join(options.velo_args)},
        "versions": versions,
    }
