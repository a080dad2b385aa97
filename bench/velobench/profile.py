"""Stacks of a JVM under load, and which frames they name most."""
import subprocess
from collections import Counter

from velobench import install
from velobench.proxies import TARGET
from velobench.trouble import Trouble, say

TOP = 40
ON_TIME = ("itimer", "cpu", "wall", "ctimer")


def take(one, load, seconds, event, name):
    """Writes NAME.collapsed and NAME.txt into bench/target/profile, and prints the latter."""
    folder = TARGET / "profile"
    folder.mkdir(parents=True, exist_ok=True)
    stacks = folder / f"{name}.collapsed"
    stacks.unlink(missing_ok=True)
    profiler(one, "start", "-e", event, *(["-i", "1ms"] if event in ON_TIME else []))
    load.run(one.port, seconds)
    profiler(one, "stop", "-o", "collapsed", "-f", str(stacks))
    text = tops(stacks.read_text(errors="replace").splitlines(), event)
    (folder / f"{name}.txt").write_text(text)
    print(text)
    say(f"{stacks} and .txt written")


def profiler(one, *arguments):
    command = [one.java, "-jar", install.profiler(), "profiler", *arguments, str(one.pid)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode or "[ERROR]" in done.stdout + done.stderr:
        raise Trouble(f"the profiler says {(done.stdout + done.stderr).strip()[-300:]}")


def tops(lines, event):
    """The frames on top of most stacks, and those in most stacks, however deep; recursion counts once."""
    own, inclusive = Counter(), Counter()
    for line in lines:
        stack, _, count = line.rpartition(" ")
        frames = stack.split(";")
        own[frames[-1]] += int(count)
        for frame in set(frames):
            inclusive[frame] += int(count)
    total = sum(own.values()) or 1
    parts = [f"{total:,} samples of {event}", "", "self", *ranked(own, total), "", "inclusive", *ranked(inclusive, total)]
    return "\n".join(parts) + "\n"


def ranked(counter, total):
    return [f"{count / total:7.2%}  {frame}" for frame, count in counter.most_common(TOP)]
