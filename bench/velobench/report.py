"""From samples to a Markdown table, a JSON file and a plot."""
import hashlib
import json
from statistics import median

from velobench import bars, plot

MOST_OTHERS = 0.05  # of the core; above that, a measurement says more of what ran beside it


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def summarised(run, samples):
    """The run with one row for each proxy and label, in the order of their first sample."""
    keys = list(dict.fromkeys((sample["proxy"], sample["label"]) for sample in samples))
    rows = [row(run["mode"], *key, [s for s in samples if (s["proxy"], s["label"]) == key]) for key in keys]
    rounds = max((sample.get("round", 0) for sample in samples), default=0) or run["rounds"]  # fewer, if it was ended
    return run | {"rounds": rounds, "rows": rows, "samples": samples}


def row(mode, proxy, label, samples):
    result = {"proxy": proxy, "label": label}
    result |= {key: sample[key] for sample in samples for key in ("base", "lanes", "failed") if sample.get(key)}
    for key in ("start_ms", "idle_rss_kib"):
        values = [sample[key] for sample in samples if key in sample]
        if values:
            result |= {key: median(values), f"{key}_min": min(values), f"{key}_max": max(values)}
    measured = [sample for sample in samples if "requests" in sample]
    if any(sample["requests"] == 0 for sample in measured):
        return result | {"failed": "no answers"}  # the proxy's other rounds don't make up for it
    if measured:
        rows = [under_load(sample) for sample in measured]
        result |= {key: median(each[key] for each in rows) for key in rows[0]}
        costs = [each["us_per_request"] for each in rows]
        result |= {"us_min": min(costs), "us_max": max(costs), "errors": sum(each["errors"] for each in rows)}
    held = [with_idle(sample) for sample in samples if sample.get("open")]
    if held:
        result |= {key: median(each[key] for each in held) for key in held[0]}
        result["errors"] = sum(sample["wanted"] - sample["open"] for sample in samples if "open" in sample)
    return result


def under_load(sample):
    return {
        "us_per_request": sample["cpu_us"] / sample["requests"],
        "requests_per_second": sample["requests"] / sample["seconds"],
        "p50_ms": sample["p50_us"] / 1000,
        "p99_ms": sample["p99_us"] / 1000,
        "p999_ms": sample["p999_us"] / 1000,
        "rss_mib": sample["rss_kib"] / 1024,
        "busy": sample["cpu_us"] / sample["seconds"] / 1e6,
        "jit": max(0, sample["jit_us"]) / max(1, sample["cpu_us"]),
        "other": (sample["core_us"] - sample["cpu_us"]) / sample["seconds"] / 1e6,
        "errors": sample["not_2xx"] + sample["socket_errors"] + sample["timeouts"],
    }


def with_idle(sample):
    """A JVM's heap is resident from the start, so what grows outside is native; what it holds of the heap is added."""
    heap = sample.get("heap_kib", 0) - sample.get("heap_before_kib", 0)
    native = sample["rss_kib"] - sample["rss_before_kib"]
    return {
        "open": sample["open"],
        "kib_each": (native + heap) / sample["open"],
        "heap_kib_each": heap / sample["open"],
        "rss_mib": sample["rss_kib"] / 1024,
        "rss_before_mib": sample["rss_before_kib"] / 1024,
    }


# --- Markdown ---


def number(form, key, scale=1):
    return lambda one: format(one[key] * scale, form) if key in one else "–"


# Per mode: the key that is compared and drawn, its title, then the further columns.
LOAD = ("us_per_request", "µs/request", [
    ("min–max", lambda one: f"{one['us_min']:.1f}–{one['us_max']:.1f}"),
    ("requests/s", number(",.0f", "requests_per_second")),
    ("p50 ms", number(".2f", "p50_ms")),
    ("p99 ms", number(".2f", "p99_ms")),
    ("p99.9 ms", number(".2f", "p999_ms")),
    ("RSS MiB", number(".0f", "rss_mib")),
    ("start ms", number(",.0f", "start_ms")),
    ("core busy", number(".0%", "busy")),
    ("JIT", number(".0%", "jit")),
    ("others", number(".0%", "other")),
])
TABLES = {
    "load": LOAD,
    "tls": LOAD,
    "handshakes": LOAD,
    "routes": LOAD,
    "backends": LOAD,
    "startup": ("start_ms", "start ms", [
        ("min–max", lambda one: f"{one['start_ms_min']:,.0f}–{one['start_ms_max']:,.0f}"),
        ("RSS MiB", number(".0f", "idle_rss_kib", 1 / 1024)),
        ("connections", number(",.0f", "open")),
        ("RSS with them, MiB", number(".0f", "rss_mib")),
    ]),
    "idle": ("kib_each", "KiB/connection", [
        ("of it heap", number(".1f", "heap_kib_each")),
        ("connections", number(",.0f", "open")),
        ("RSS before, MiB", number(".0f", "rss_before_mib")),
        ("RSS with them, MiB", number(".0f", "rss_mib")),
    ]),
}


def find(run, proxy, label):
    return next((one for one in run["rows"] if (one["proxy"], one["label"]) == (proxy, label)), {})


def ratio(one, other, key):
    if "failed" in one or "failed" in other or not one.get(key) or not other.get(key):
        return None
    return one[key] / other[key]


def ratios(run, key):
    """Titles of the columns that compare, each with how it is reckoned for a row."""
    columns = [
        ("× HAProxy", lambda one: ratio(one, find(run, "haproxy", one["label"]) or find(run, "haproxy", ""), key)),
        ("× stock gateway", lambda one: ratio(one, find(run, "stock-gateway", one["label"]), key)),
    ]
    if run["mode"] in ("routes", "backends"):
        title = "× 1 route" if run["mode"] == "routes" else "× 3 backends"
        columns.append((title, lambda one: ratio(one, find(run, one["proxy"], one.get("base")), key)))
    if run["mode"] in ("load", "tls", "handshakes", "routes", "backends"):
        columns.append(("p99 × HAProxy", lambda one: ratio(one, find(run, "haproxy", one["label"]), "p99_ms")))
    return columns


def table(run):
    key, title, columns = TABLES[run["mode"]]
    compared = ratios(run, key)
    titles = ["proxy", title, *(name for name, _ in compared), *(name for name, _ in columns), "errors"]
    yield "| " + " | ".join(titles) + " |"
    yield "|---" + "|---:" * (len(titles) - 1) + "|"
    for one in run["rows"]:
        name = label(one) + (" (!)" if marked(one) else "")
        if "failed" in one or key not in one:
            reason = one.get("failed", "not measured").replace("|", "/")
            cells = [name, f"failed: {reason}"] + [""] * (len(titles) - 2)
        else:
            cells = [name, f"{one[key]:,.1f}"]
            cells += ["–" if value is None else f"{value:.2f}" for value in (reckon(one) for _, reckon in compared)]
            cells += [text(one) for _, text in columns] + [f"{one.get('errors', 0):,.0f}"]
        yield "| " + " | ".join(cells) + " |"


def label(one):
    return named(one["proxy"], one["label"])


def named(proxy, label):
    return proxy + (f", {label}" if label else "")


def marked(one):
    """Whether a row is not what it seems: it has errors, its requests took another lane than it is named after, or something
    else ran beside it."""
    return bool(one.get("errors")) or other_lane(one) > 0.001 or one.get("other", 0) > MOST_OTHERS


def other_lane(one):
    lanes = one.get("lanes") or {}
    total = sum(lanes.values())
    return 1 - lanes.get(one["proxy"].removeprefix("velo-").partition("+")[0], 0) / total if total else 0


def notes(run):
    for one in run["rows"]:
        if one.get("errors"):
            yield f"(!) {label(one)}: {one['errors']:,.0f} errors, so the figures of this row are not to be trusted."
        if other_lane(one) > 0.001:
            yield f"(!) {label(one)}: {other_lane(one):.0%} of its requests took another lane: {one['lanes']}."
        if one.get("other", 0) > MOST_OTHERS:
            yield f"(!) {label(one)}: something else took {one['other']:.0%} of its core, so measure again."


def what(run):
    rounds = f"median of {run['rounds']}"
    load = f"{run['payload']}, {run['connections']:,} connections"
    pace = f"{rounds} rounds of {run['seconds']} s after {run['warmup']} s of warm-up"
    return ("Smoke run, not a measurement: " if run["quick"] else "") + {
        "load": f"{load}, {pace}",
        "tls": f"{load} by TLS, {pace}",
        "handshakes": f"a TLS handshake for each request, {run['connections']:,} connections at once, {pace}",
        "routes": f"{run['count']:,} routes against 1, {load}, {pace}",
        "backends": f"{run['count']:,} backends against 3, {load}, {pace}",
        "idle": f"{run['count']:,} idle connections, {rounds}",
        "startup": f"start to first answer on two cores, {rounds}",
    }[run["mode"]]


def markdown(run):
    machine = run["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
    verdicts = list(bars.lines(run, find, ratio, marked))
    return "\n".join([
        f"**{what(run)}** ({run['date']})", "",
        *table(run), "",
        *(line + "  " for line in notes(run)),
        *([*bars.TITLE, *verdicts, ""] if verdicts else []),
        f"`{run['command']}`  ",
        f"{machine['cpu']}, {machine['cores']} cores, {machine['kernel']}, {machine['jdk']}; {versions}; "
        f"JVM flags `{machine['jvm_flags']}`" + (f"; Velo's `{machine['velo_args']}`" if machine["velo_args"] else ""),
    ])


def overview(runs):
    """All works side by side in the unit of each, and what came of the bars."""
    names = list(dict.fromkeys(one["proxy"] for run in runs for one in run["rows"]))
    lines = ["| work | " + " | ".join(names) + " |", "|---" + "|---:" * len(names) + "|"]
    for run in runs:
        key, title, _ = TABLES[run["mode"]]
        for each in dict.fromkeys(one["label"] for one in run["rows"]):
            cells = [find(run, name, each) for name in names]
            work = f"{run['payload']}, {run['connections']:,} connections" if run["mode"] == "load" else run["mode"]
            lines.append(f"| {work}{', ' + each if each else ''}, {title} | " + " | ".join(
                f"{one[key]:,.1f}{' (!)' if marked(one) else ''}" if key in one and "failed" not in one else "–"
                for one in cells) + " |")
    verdicts = [line for run in runs for line in bars.lines(run, find, ratio, marked)]
    return "\n".join(["**All works**", "", *lines, "", *(bars.TITLE if verdicts else []), *verdicts, ""])


def write(run, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    target.with_name(target.name + ".json").write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n")
    key, title, _ = TABLES[run["mode"]]
    rows = [(one[key], label(one)) for one in run["rows"] if key in one and "failed" not in one]
    target.with_name(target.name + ".svg").write_text(plot.svg(f"{title}: {what(run)}", rows))
