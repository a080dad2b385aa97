"""Builds the benchmarks, runs them, and makes a table of what they say."""
import json
import subprocess
import sys
from datetime import datetime, timezone

from velobench import install
from velobench.options import BENCH, ROOT
from velobench.trouble import Trouble, say

MAIN = "io.velo.jmh.Benchmarks"


def main():
    started(run)


def started(run):
    """Runs something with the command that starts Java, and with the arguments behind --jdk."""
    arguments = sys.argv[1:]
    jdk = None
    if arguments[:1] == ["--jdk"]:
        jdk, arguments = arguments[1], arguments[2:]
    try:
        run(install.java(jdk), arguments)
    except Trouble as trouble:
        say(trouble)
        sys.exit(1)
    except subprocess.CalledProcessError as problem:
        sys.exit(problem.returncode)


def run(java, arguments):
    listing = ROOT / "target/jmh.classpath"
    say("building the benchmarks")
    install.maven("-Pjmh", "test-compile", "dependency:build-classpath", f"-Dmdep.outputFile={listing}")
    folder = ROOT / "target/work"  # not the base directory: its application.yaml is for spring-boot:run
    folder.mkdir(exist_ok=True)
    target = BENCH / "results" / f"{datetime.now(timezone.utc).date()}-jmh.json"
    target.parent.mkdir(exist_ok=True)
    results = [] if "-rff" in arguments else ["-rf", "json", "-rff", str(target)]
    classpath = f"{ROOT}/target/test-classes:{ROOT}/target/classes:{listing.read_text()}"
    flags = ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
    subprocess.run([java, *usable(java, flags), "-cp", classpath, MAIN, *results, *arguments], cwd=folder, check=True)
    if results and target.exists():
        print("\n".join(table(json.loads(target.read_text()))))
        say(f"{target} written")


def usable(java, flags):
    """Those of the flags that this JVM knows."""
    return [flag for flag in flags if subprocess.run([java, flag, "-version"], capture_output=True).returncode == 0]


def table(results):
    names = list(dict.fromkeys(name for result in results for name in result.get("params", {})))
    yield "| benchmark | " + " | ".join(names) + " | threads | ns | ± | bytes |"
    yield "|---" * (len(names) + 1) + "|---:" * 4 + "|"
    for result in results:
        score = result["primaryMetric"]
        memory = result["secondaryMetrics"].get("gc.alloc.rate.norm", {}).get("score", float("nan"))
        cells = [result["benchmark"].rpartition(".jmh.")[2], *(result.get("params", {}).get(name, "") for name in names),
                 str(result["threads"]), f"{score['score']:,.1f}", f"{score['scoreError']:,.1f}"
                 if isinstance(score["scoreError"], float) else "–", f"{memory:,.0f}"]
        yield "| " + " | ".join(cells) + " |"
