# SPDX-License-Identifier: MIT
"""The tables of benchmarks/server/run: figures beside those of the bare server, and what is to be reached. Knows nothing of servers."""
import datetime

# What msgc is to reach: load, figure, of what, at most or at least.
REACH = [
    ("echo-1-1", "rate", 0.88), ("echo-100-1", "rate", 0.88), ("echo-1000-1", "rate", 0.88),
    ("echo-1-16", "rate", 0.5), ("echo-100-16", "rate", 0.5), ("echo-1000-16", "rate", 0.5),
    ("cast-100", "rate", 0.85), ("cast-1000", "rate", 0.85),
]
P99_MOST = 1.3
IDLE_LEAST = 0.9
KIB_MOST = 4
WORKERS_MOST = 1.1


def machine(server_cpu, load_cpu, before, after, options):
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")
    return (f"{model}, server on processor {server_cpu}, load on {load_cpu}; {options.rounds} rounds of {options.seconds:g} s, medians; load average before "
            f"{before[0]:.1f}, behind {after[0]:.1f}; {datetime.datetime.now(datetime.timezone.utc):%F}\n")


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "| --- |" + " ---: |" * (len(heads) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def digits(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def rates(titles, loads, figures):
    """Thousands of messages a second, and how much that is of the bare server's."""
    shown = [load for load in loads if load.kind != "idle" and load.name in figures]
    rows = []
    for name, title in titles.items():
        row = [title]
        for load in shown:
            mine, bare = (figures[load.name].get(who, {}).get("rate") for who in (name, "bare"))
            row.append("–" if not mine else f"{digits(mine / 1000)} ({digits(mine / bare)})" if bare and name != "bare" else digits(mine / 1000))
        rows.append(row)
    return "Thousands of messages a second (× bare epoll)\n\n" + table(["", *(load.title for load in shown)], rows) if shown else ""


def others(titles, loads, figures):
    text = ""
    for key, head in (("latency", "Microseconds from sending to receiving: p50 / p99 / p99.9"), ("server_us", "Microseconds of processor time a message")):
        shown = [load for load in loads if load.kind != "idle" and load.name in figures]
        if not shown:
            continue
        rows = []
        for name, title in titles.items():
            row = [title]
            for load in shown:
                mine = figures[load.name].get(name)
                row.append("–" if not mine else " / ".join(digits(mine[p]) for p in ("p50", "p99", "p999")) if key == "latency" else digits(mine[key]))
            rows.append(row)
        text += "\n" + head + "\n\n" + table(["", *(load.title for load in shown)], rows)
    if "memory" in figures:
        rows = [[title, f"{figures['memory'][name]['kib']:.2f}"] for name, title in titles.items() if name in figures["memory"]]
        text += "\n" + table(["", "KiB resident an idle connection"], rows)
    return text


def ratio(figures, load, key, mine="msgc", other="bare", other_load=None):
    try:
        return figures[load][mine][key] / figures[other_load or load][other][key]
    except (KeyError, ZeroDivisionError):
        return None


def reach(loads, figures):
    titles = {load.name: load.title for load in loads}
    rows = []

    def add(what, value, bound, least):
        if value is not None:
            rows.append([what, f"{value:.2f}", f"{'at least' if least else 'at most'} {bound}",
                         "yes" if (value >= bound if least else value <= bound) else "**no**"])

    for load, key, bound in REACH:
        add(titles.get(load, load) + ", × bare epoll", ratio(figures, load, key), bound, True)
    for load, *_ in REACH:
        add(titles.get(load, load) + ", p99 × bare epoll", ratio(figures, load, "p99"), P99_MOST, False)
    for load in ("idle-5000", "idle-10000"):
        add(titles.get(load, load) + ", × without them", ratio(figures, load, "rate", other="msgc", other_load="active-20"), IDLE_LEAST, True)
    add("KiB resident an idle connection", figures.get("memory", {}).get("msgc", {}).get("kib"), KIB_MOST, False)
    for load in ("echo-100-1", "echo-100-16", "cast-100"):
        add(titles.get(load, load) + ", time a message of two workers × one", ratio(figures, load, "server_us", "msgc2", "msgc"), WORKERS_MOST, False)
    return "\n" + table(["what", "measured", "to be reached", ""], rows) if rows else ""


def tables(titles, loads, figures):
    return rates(titles, loads, figures) + others(titles, loads, figures) + reach(loads, figures)
