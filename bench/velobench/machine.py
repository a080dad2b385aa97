"""What the kernel says of processes and cores."""
import os
import re
import subprocess
from pathlib import Path

from velobench.trouble import Trouble

PROXY_CORE = 0
LOAD_CORE = 1
TICK_MICROS = 1_000_000 // os.sysconf("SC_CLK_TCK")


def read(path):
    """The text of a file in /proc; nothing if the process has ended."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""


def family(pid):
    """A process and all below it."""
    children = " ".join(read(file) for file in Path(f"/proc/{pid}/task").glob("*/children")) if alive(pid) else ""
    return [pid] + [one for child in children.split() for one in family(int(child))]


def alive(pid):
    return re.search(r"^State:\s+[^ZX]", read(f"/proc/{pid}/status"), re.M) is not None


def stat_fields(path):
    """The fields of a stat file from the state on, which is number 3 in proc(5)."""
    return read(path).rpartition(") ")[2].split()


def cpu_micros(pid):
    """User and system time up to now, also of children that have ended."""
    fields = [stat_fields(f"/proc/{one}/stat") for one in family(pid)]
    return TICK_MICROS * sum(int(ticks) for one in fields for ticks in one[11:15])


def jit_micros(pid):
    """What of that went into compiling; a JVM that still compiles much has not settled."""
    compilers = [file for file in Path(f"/proc/{pid}/task").glob("*/stat") if re.search(r"\(C[12] Compiler", read(file))]
    return TICK_MICROS * sum(int(ticks) for file in compilers for ticks in stat_fields(file)[11:13])


def core_micros():
    """Busy time of the proxies' core, whoever used it: what is beyond the proxy's own shows that something ran beside it."""
    ticks = re.search(rf"^cpu{PROXY_CORE} (.*)$", read("/proc/stat"), re.M).group(1).split()
    return TICK_MICROS * sum(int(ticks[index]) for index in (0, 1, 2, 5, 6, 7))


def rss_kib(pid):
    return sum(int(kib) for one in family(pid) for kib in re.findall(r"^VmRSS:\s+(\d+)", read(f"/proc/{one}/status"), re.M))


def jcmd(java, pid, *command):
    done = subprocess.run([str(Path(java).parent / "jcmd"), str(pid), *command], capture_output=True, text=True, timeout=60)
    return done.stdout


def live_heap_kib(java, pid):
    """What a JVM's heap holds after a collection; memory that its compiler has freed goes back to the system, too."""
    jcmd(java, pid, "GC.run")
    jcmd(java, pid, "System.trim_native_heap")
    info = jcmd(java, pid, "GC.heap_info")
    if not info:
        raise Trouble(f"no answer from jcmd beside {java}")
    heap = [line for line in info.splitlines() if not re.search("Metaspace|class space", line)]
    return sum(int(kib) for line in heap for kib in re.findall(r"\bused (\d+)K", line))


def bind(pid, cores):
    """Binds all threads of a process to these cores."""
    for one in family(pid):
        for task in Path(f"/proc/{one}/task").glob("*"):
            try:
                os.sched_setaffinity(int(task.name), cores)
            except OSError:
                pass  # a thread that has ended


def first(pattern, text, default="unknown"):
    found = re.search(pattern, text, re.M)
    return found.group(1).strip() if found else default


def output(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        return done.stdout + done.stderr
    except OSError:
        return ""


def describe(java):
    return {
        "cpu": first(r"^model name\s*: (.*)$", read("/proc/cpuinfo")),
        "cores": os.cpu_count(),
        "kernel": f"{os.uname().sysname} {os.uname().release}",
        "jdk": jdk(java),
    }


def jdk(java):
    said = output(java, "-version")
    name, version = first(r"\n(.*?)(?: \(build.*)?$", said), first(r'version "(.*?)"', said)
    return name if version in name else f"{name} {version}"


def versions():
    return {
        "nginx": first(r"nginx/(\S+)", output("nginx", "-v")),
        "haproxy": first(r"version (\S+)", output("haproxy", "-v")),
        "caddy": first(r"^(\S+)", output("caddy", "version")),
        "go": first(r"go version (\S+)", output("go", "version")),
    }
