"""What Velo has to reach."""

TITLE = ["| bar | reached | |", "|---|---:|---|"]

# Mode, proxy, its case (None for every one), figure, compared with, most, unit.
BARS = [
    ("load", "velo-express", None, "us_per_request", "haproxy", 1.15, "× HAProxy's processor time"),
    ("load", "velo-express", None, "p99_ms", "haproxy", 1.5, "× HAProxy's p99"),
    ("load", "velo-gateway", None, "us_per_request", "stock-gateway", 0.5, "× the stock gateway's processor time"),
    ("routes", "velo-express", None, "us_per_request", "base", 1.05, "× its own with 1 route"),
    ("backends", "velo-express", None, "us_per_request", "base", 1.1, "× its own with 3 backends"),
    ("idle", "velo-express", None, "kib_each", None, 8, "KiB for each idle connection"),
    ("startup", "velo-express", "AOT cache", "start_ms", None, 2500, "ms to the first answer"),
    ("startup", "velo-express", "AOT cache", "idle_rss_kib", None, 180 * 1024, "KiB resident"),
    ("startup", "velo-express", "AOT cache", "rss_mib", None, 260, "MiB resident with the idle connections"),
]


def lines(run, find, ratio, marked):
    """A line for each bar; none of a smoke run, and none for rows that aren't what they seem."""
    if run["quick"]:
        return
    for mode, proxy, case, key, against, most, unit in BARS:
        if mode != run["mode"]:
            continue
        for one in run["rows"]:
            if marked(one) or one["proxy"] != proxy or case not in (None, one["label"]) or one["label"] == one.get("base"):
                continue
            value = reached(run, one, key, against, find, ratio)
            if value is not None:
                verdict = "met" if value <= most else "**missed**"
                yield f"| {subject(run, one)}: at most {most:,} {unit} | {value:,.2f} | {verdict} |"


def reached(run, one, key, against, find, ratio):
    if against is None:
        return one.get(key) if "failed" not in one else None
    other = find(run, proxy=one["proxy"], label=one.get("base")) if against == "base" else find(run, against, one["label"])
    return ratio(one, other, key)


def subject(run, one):
    load = f", {run['payload']}, {run['connections']:,} connections" if run["mode"] == "load" else ""
    return one["proxy"] + load + (f", {one['label']}" if one["label"] else "")
