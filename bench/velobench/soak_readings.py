"""What bench/soak reads from Velo and its JVM."""
import json
import re
import time
import urllib.request
from pathlib import Path

from velobench import machine
from velobench.running import status
from velobench.trouble import say


class Readings:
    """Of one Velo."""

    def __init__(self, java, pid, port, heap_mib):
        self.java, self.pid, self.port, self.heap_mib = java, pid, port, heap_mib

    def page(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def in_flight(self):
        """Everything that has to be nothing while there are no clients, by its name."""
        pools = json.loads(self.page("/metrics"))
        counts = {f"active_connections of {name}": pool["active_connections"] for name, pool in pools.items()}
        counts |= {f"active_connections of {name}/{each}": backend["active_connections"]
                   for name, pool in pools.items() for each, backend in pool["backends"].items()}
        text = self.page("/actuator/prometheus")
        for meter in ("lb_backend_in_flight", "lb_queue_depth"):
            counts |= {f"{meter}{tags}": float(value)
                       for tags, value in re.findall(rf"^{meter}(?:_requests)?(\{{.*\}}) (\S+)$", text, re.M)}
        counts |= {f"lb_connections{tags}": float(value) for tags, value in
                   re.findall(r'^lb_connections(\{.*state="active".*\}) (\S+)$', text, re.M)}
        return counts

    def away(self):
        """Backends that aren't up, each with its state and the reason."""
        pools = json.loads(self.page("/actuator/pools"))["pools"]
        return [f"{one['id']} is {one['state']}: {one['reason']}" for pool in pools for one in pool["backends"]
                if one["state"].lower() != "up"]

    def await_calm(self, seconds):
        """What is not as it should be when this time is over."""
        end = time.monotonic() + seconds
        while True:
            faults = [f"{name} is {count:g} with no request under way" for name, count in self.in_flight().items() if count]
            faults += self.away()
            if not faults or time.monotonic() > end:
                return faults
            for request in range(10):  # a backend comes back from an ejection by a request that goes well
                status(self.port, f"/?id={request}&size=100")
            time.sleep(0.2)

    def memory(self):
        """MiB by name, after a collection and with what malloc had kept given back."""
        heap = machine.live_heap_kib(self.java, self.pid)
        resident = machine.rss_kib(self.pid) / 1024
        meters = self.page("/actuator/prometheus")
        direct = re.findall(r'^jvm_buffer_memory_used_bytes\{.*id="direct".*\} (\S+)$', meters, re.M)
        return {
            "heap": heap / 1024,
            "memory outside the heap": resident - self.heap_mib,
            "direct buffers": sum(float(value) for value in direct) / 2**20,
            "threads": float(len(list(Path(f"/proc/{self.pid}/task").iterdir()))),
        }

    def print_growth(self, before, after):
        for name in before:
            unit = "" if name == "threads" else " MiB"
            say(f"  {name}: {before[name]:.1f}{unit} → {after[name]:.1f}{unit}")
