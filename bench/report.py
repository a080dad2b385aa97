#!/usr/bin/env python3
"""report.py RUN SAMPLES TARGET: the samples of a run become TARGET.json, TARGET.svg and a Markdown table."""
import json
import sys
from statistics import median

COLOURS = {"velo": "#c2410c", "other": "#64748b"}


def figures(sample):
    """One measurement under load, in the units of the table."""
    return {
        "us_per_request": sample["cpu_us"] / sample["requests"],
        "requests_per_second": sample["requests"] / sample["seconds"],
        "p50_ms": sample["p50_us"] / 1000,
        "p99_ms": sample["p99_us"] / 1000,
        "p999_ms": sample["p999_us"] / 1000,
        "rss_mib": sample["rss_kib"] / 1024,
        "busy": sample["cpu_us"] / sample["seconds"] / 1e6,
        "jit": max(0, sample["jit_us"]) / sample["cpu_us"],
        "other": (sample["core_us"] - sample["cpu_us"]) / sample["seconds"] / 1e6,
        "errors": sample["not_2xx"] + sample["socket_errors"] + sample["timeouts"],
    }


def summary(mode, samples):
    starts = [sample["start_ms"] for sample in samples if "start_ms" in sample]
    result = {"start_ms": median(starts)} if starts else {}
    if mode == "load":
        # A measurement without an answer has no cost per request; the proxy's other ones don't make up for it.
        measured = [sample for sample in samples if "requests" in sample]
        if any(sample["requests"] == 0 for sample in measured):
            return result | {"failed": "no answers"}
        rows = [figures(sample) for sample in measured]
        if rows:
            result |= {key: median(row[key] for row in rows) for key in rows[0]}
            costs = [row["us_per_request"] for row in rows]
            result |= {"us_min": min(costs), "us_max": max(costs), "errors": sum(row["errors"] for row in rows)}
    if mode == "idle":
        for sample in samples:
            if sample.get("open"):
                grown = sample["rss_kib"] - sample["rss_before_kib"]
                result |= {"open": sample["open"], "kib_each": grown / sample["open"], "rss_mib": sample["rss_kib"] / 1024,
                           "rss_before_mib": sample["rss_before_kib"] / 1024}
    for sample in samples:
        if "failed" in sample:
            result["failed"] = sample["failed"]
    return result


def ratio(proxies, name, other, key):
    if key not in proxies[name] or key not in proxies.get(other, {}):
        return "–"
    return f"{proxies[name][key] / proxies[other][key]:.2f}"


# Per mode: the key that is compared and drawn, its title, then the further columns.
TABLES = {
    "load": ("us_per_request", "µs/request", [
        ("min–max", lambda p: f"{p['us_min']:.1f}–{p['us_max']:.1f}"),
        ("requests/s", lambda p: f"{p['requests_per_second']:,.0f}"),
        ("p50 ms", lambda p: f"{p['p50_ms']:.2f}"),
        ("p99 ms", lambda p: f"{p['p99_ms']:.2f}"),
        ("p99.9 ms", lambda p: f"{p['p999_ms']:.2f}"),
        ("RSS MiB", lambda p: f"{p['rss_mib']:.0f}"),
        ("start ms", lambda p: f"{p['start_ms']:,.0f}"),
        ("core busy", lambda p: f"{p['busy']:.0%}"),
        ("JIT", lambda p: f"{p['jit']:.0%}"),
        ("others", lambda p: f"{p['other']:.0%}"),
        ("errors", lambda p: f"{p['errors']:,}"),
    ]),
    "startup": ("start_ms", "start ms", []),
    "idle": ("kib_each", "KiB/connection", [
        ("connections", lambda p: f"{p['open']:,}"),
        ("RSS before, MiB", lambda p: f"{p['rss_before_mib']:.0f}"),
        ("RSS with them, MiB", lambda p: f"{p['rss_mib']:.0f}"),
    ]),
}


def table(mode, proxies):
    key, title, columns = TABLES[mode]
    titles = ["proxy", title, "× HAProxy", "× stock gateway"] + [column[0] for column in columns]
    yield "| " + " | ".join(titles) + " |"
    yield "|---" + "|---:" * (len(titles) - 1) + "|"
    for name, proxy in proxies.items():
        if key not in proxy or "failed" in proxy:
            cells = [name, f"failed: {proxy.get('failed', 'not measured')}"] + [""] * (len(titles) - 2)
        else:
            cells = [name, f"{proxy[key]:,.1f}", ratio(proxies, name, "haproxy", key),
                     ratio(proxies, name, "stock-gateway", key)]
            cells += [text(proxy) for _, text in columns]
        yield "| " + " | ".join(cells) + " |"


def what(run):
    if run["mode"] == "idle":
        return f"{run['idle']:,} idle connections"
    if run["mode"] == "startup":
        return f"start to first answer on one core, median of {run['rounds']}"
    return (f"{run['payload']}, {run['connections']:,} connections, "
            f"median of {run['rounds']} rounds of {run['seconds']} s")


def markdown(run, proxies):
    machine = run["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
    return "\n".join([
        f"**{what(run)}** ({run['date']})", "",
        *table(run["mode"], proxies), "",
        f"`{run['command']}`  ",
        f"{machine['cpu']}, {machine['cores']} cores, {machine['kernel']}, {machine['jdk']}; {versions}; "
        f"JVM flags `{machine['jvm_flags']}`",
    ])


def svg(run, proxies):
    key, title, _ = TABLES[run["mode"]]
    bars = sorted((proxy[key], name) for name, proxy in proxies.items() if key in proxy and "failed" not in proxy)
    longest = max([value for value, _ in bars] + [1e-9])
    height = 60 + 30 * len(bars)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" font-family="sans-serif" font-size="14">',
        f'<rect width="720" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="26" font-weight="bold">{title}: {what(run)}</text>',
    ]
    for index, (value, name) in enumerate(bars):
        top = 44 + 30 * index
        width = max(1, 460 * value / longest)
        colour = COLOURS["velo" if name.startswith("velo") else "other"]
        lines += [
            f'<text x="132" y="{top + 15}" text-anchor="end">{name}</text>',
            f'<rect x="142" y="{top}" width="{width:.0f}" height="20" fill="{colour}"/>',
            f'<text x="{148 + width:.0f}" y="{top + 15}">{value:,.1f}</text>',
        ]
    return "\n".join(lines + ["</svg>", ""])


def main():
    run_file, samples_file, target = sys.argv[1:]
    with open(run_file) as file:
        run = json.load(file)
    with open(samples_file) as file:
        samples = [json.loads(line) for line in file]
    names = list(dict.fromkeys(sample["proxy"] for sample in samples))
    proxies = {name: summary(run["mode"], [s for s in samples if s["proxy"] == name]) for name in names}
    with open(target + ".json", "w") as file:
        json.dump(run | {"proxies": proxies, "samples": samples}, file, indent=1, ensure_ascii=False)
        file.write("\n")
    with open(target + ".svg", "w") as file:
        file.write(svg(run, proxies))
    print(markdown(run, proxies))


main()
