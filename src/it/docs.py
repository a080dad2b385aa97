#!/usr/bin/env python3
"""Runs the commands that README.md and docs/ show, and compares what they print with what the pages say they print.

A block is run if the line before it says so:

  <!-- run -->                    as it is
  <!-- run: start -->             it starts the demo, which goes on until the last page has been read
  <!-- run: in any order -->      its lines may come in another order: whose turn it is first is a matter of chance
  <!-- run: until it is so -->    each command is repeated until it prints what it should, for half a minute at most
  <!-- run: without backends -->  in front of a Velo that has none

A command without output in the page must succeed. "…" in the page stands for anything, alone on a line for any lines. The line
<!-- NAME.yaml --> before a block makes a file of it. Configurations of nginx and HAProxy are checked by these, if they are there.

Needs: a built target/velo.jar, Python 3.9, curl, jq. Takes about half a minute, more while others use the machine.
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^(?:<!-- ([^\n]*) -->\n)?```(\w*)\n(.*?)^```$", re.M | re.S)
TIME = re.compile(r"^\d\d:\d\d:\d\d\.\d\d\d")
PATIENCE = 120
HALF_A_MINUTE = 30


def fail(why):
    sys.exit(f"docs: {why}")


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def lines_of(text, how):
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    return sorted(lines) if how == "in any order" else lines


def fits(shown, printed):
    """Whether these lines are those, with … for anything."""
    pattern = r"\n".join(r"(?:.*\n?)*?" if line == "…" else re.escape(line).replace("…", ".*") for line in shown)
    return re.fullmatch(pattern.replace(r"(?:.*\n?)*?\n", r"(?:.*\n)*?"), "\n".join(printed)) is not None


class Velo:
    """A process that serves until it is stopped."""

    def __init__(self, command, folder, port, log):
        self.port = port
        self.log = log
        environment = {**os.environ, "LB_PORT": str(port)}
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log.open("w"), stderr=subprocess.STDOUT, start_new_session=True)

    def await_line(self, text):
        until = time.monotonic() + PATIENCE
        while text not in self.log.read_text():
            if time.monotonic() > until or self.process.poll() is not None:
                fail(f"it doesn't start:\n{self.log.read_text()}")
            time.sleep(0.1)
        return self.log.read_text().splitlines()

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


class Runner:
    def __init__(self, folder):
        self.folder = folder
        self.started = []
        self.ports = {}
        self.count = 0
        (folder / "target").symlink_to(ROOT / "target")

    def run(self, place, mark, text):
        how = mark.partition(":")[2].strip()
        commands = [part.split("\n") for part in re.split(r"^\$ ", text, flags=re.M)[1:]]
        for command, *shown in commands:
            shown = [line for line in shown if line.strip()]
            if how == "start":
                self.start(command, shown)
            else:
                if how == "without backends":
                    self.without_backends()
                self.compare(place, command, shown, how)
            self.count += 1

    def start(self, command, shown):
        quick = " -B -ntp -Dmaven.main.skip=true -Dmaven.test.skip=true"  # it was compiled for the jar
        port = free_port()
        velo = self.remember(Velo(["bash", "-c", "exec " + command + quick], ROOT, port, self.folder / "demo.log"))
        lines = velo.await_line("look at http")
        self.ports = {"8090": str(port)}
        for number, found in re.findall(r"backend=b(\d) port=(\d+)", "\n".join(lines)):
            self.ports[str(8080 + int(number))] = found
        wanted = [self.with_ports(TIME.sub("", line)) for line in shown]
        printed = [TIME.sub("", line).rstrip() for line in lines]
        for line in wanted:
            if line not in printed:
                fail(f"the demo doesn't print: {line}\n" + "\n".join(printed))

    def without_backends(self):
        port = free_port()
        velo = Velo(["java", "-jar", str(ROOT / "target/velo.jar")], self.folder, port, self.folder / "empty.log")
        self.remember(velo).await_line("look at http")
        self.ports = {"8090": str(port)}

    def remember(self, velo):
        self.started.append(velo)
        return velo

    def with_ports(self, text):
        return re.sub(r"(localhost:|127\.0\.0\.1:|0\.0\.0\.0:|port=|on port )(\d{4})", lambda found: found.group(1) + self.ports.get(found.group(2), found.group(2)), text)

    def compare(self, place, command, shown, how):
        until = time.monotonic() + HALF_A_MINUTE
        while True:
            done = subprocess.run(
                ["bash", "-c", self.with_ports(command)], cwd=self.folder, text=True, timeout=PATIENCE,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            out, err = (lines_of(stream, how) for stream in (done.stdout, done.stderr))
            shown = lines_of("\n".join(shown), how)
            if fits(shown, out) or fits(shown, err) if shown else done.returncode == 0:  # curl tells its progress on the other one
                return
            if how != "until it is so" or time.monotonic() > until:
                fail(f"{place}: {command}\nprints (exit code {done.returncode}):\n" + "\n".join(out + err))
            time.sleep(0.3)

    def stop(self):
        for velo in self.started:
            velo.stop()


def check_peer(place, language, text, folder):
    file = folder / f"{language}.conf"
    if language == "nginx" and shutil.which("nginx"):
        file.write_text(f"error_log stderr; pid {folder}/nginx.pid; events {{}}\nhttp {{ access_log off;\n{text}}}\n")
        command = ["nginx", "-t", "-q", "-c", str(file)]
    elif language == "haproxy" and shutil.which("haproxy"):
        file.write_text(text)
        command = ["haproxy", "-c", "-q", "-f", str(file)]
    else:
        return
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE)
    if done.returncode != 0:
        fail(f"{place}: {language} refuses it:\n{done.stdout}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        runner = Runner(Path(folder))
        try:
            for page in PAGES:
                text = page.read_text()
                for found in BLOCK.finditer(text):
                    mark, language, block = found.groups()
                    place = f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, found.start(3)) + 1}"
                    if re.fullmatch(r"[\w.-]+\.yaml", mark or ""):
                        (runner.folder / mark).write_text(block)
                    elif language == "console" and re.match(r"run\b", mark or ""):
                        runner.run(place, mark, block)
                    check_peer(place, language, block, runner.folder)
        finally:
            runner.stop()
    if runner.count < 9:
        fail(f"only {runner.count} commands are marked to be run")
    print(f"docs: {runner.count} commands do what the pages say")


main()
