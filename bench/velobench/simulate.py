"""Builds the simulation, runs it, and makes tables and plots of what it says."""
import json
import subprocess

from velobench import install
from velobench.curves import svg
from velobench.jmh import started
from velobench.options import BENCH, ROOT
from velobench.trouble import say

MAIN = "io.velo.simulate.Simulation"
IMAGES = ROOT / "docs/images"


def main():
    started(run)


def run(java, arguments):
    listing = ROOT / "target/jmh.classpath"
    say("building the simulation")
    install.maven("-Pjmh", "test-compile", "dependency:build-classpath", f"-Dmdep.outputFile={listing}")
    classpath = f"{ROOT}/target/test-classes:{ROOT}/target/classes:{listing.read_text()}"
    text = subprocess.run([java, "-Xmx2g", "-cp", classpath, MAIN, *arguments], cwd=ROOT / "target", check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    results = json.loads(text)
    print("\n".join(table(results)))
    if arguments:
        return
    target = BENCH / "results" / "simulation.json"
    target.write_text(text)
    plot(results)
    say(f"{target} and the plots in {IMAGES} written")


def table(results):
    scenario = None
    for result in results:
        if result["scenario"] != scenario:
            scenario = result["scenario"]
            yield f"\n{scenario}\n"
            yield "| strategy | servers | balancers | utilization | p50 | p99 | p99.9 | busiest ÷ mean |"
            yield "|---|" + "---:|" * 7
        yield (f"| {result['strategy']} | {result['servers']:,} | {result['balancers']} | {result['utilization']:.0%} "
               f"| {result['p50']:,.1f} | {result['p99']:,.1f} | {result['p999']:,.1f} | {result['spread']:.2f} |")


def plot(results):
    for name, title, scenario, axis, value, label in (
            ("simulation-load", "p99 in ms by utilization, 10 equal servers", "load", "utilization", "p99", "{:.0%}"),
            ("simulation-size", "Busiest server ÷ mean by number of servers, 70 % used", "size", "servers", "spread",
             "{:,}"),
            ("simulation-size-p99", "p99 in ms by number of servers, 70 % used", "size", "servers", "p99", "{:,}"),
            ("simulation-instances", "p99 in ms by instances of Velo, 30 servers of which 6 are slow, 70 % used",
             "instances", "balancers", "p99", "{}")):
        rows = [result for result in results if result["scenario"] == scenario]
        ticks = list(dict.fromkeys(row[axis] for row in rows))
        curves = {}
        for row in rows:
            curves.setdefault(row["strategy"], []).append(row[value])
        (IMAGES / f"{name}.svg").write_text(svg(title, [label.format(tick) for tick in ticks], curves))
