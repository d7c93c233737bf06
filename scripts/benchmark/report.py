"""The run's results as a document with plots, and the guard of its ratios."""

import json
import re

from . import plots
from .machine import HOME

KEPT = HOME / "docs/benchmarks.json"
SOAK = HOME / "docs/soak.json"
DOCUMENT = HOME / "docs/BENCHMARKS.md"
NOTES = HOME / "docs/benchmarks-notes.md"
IMAGES = HOME / "docs/images"

# A ratio may fall by so much of itself before the guard says no: about what two runs of
# the same code differ by on two cores that the load shares.
SHARE = 0.3


def read_kept():
    return json.loads(KEPT.read_text()) if KEPT.exists() else {"machine": {}, "rows": {}}


def falls(new, kept, share=SHARE):
    """What the guard says of each ratio that fell by more than a share of itself."""
    complaints = []
    for name, row in new.items():
        before = {peer["name"]: peer for peer in kept.get(name, {}).get("peers", [])}
        for peer in row["peers"]:
            old = before.get(peer["name"], {}).get("ratio")
            if old and "ratio" in peer and peer["ratio"] < old * (1 - share):
                complaints.append(
                    f"{name}: {peer['ratio']:.3g} × {peer['name']}, was {old:.3g} ×"
                )
    return complaints


def goal_of(row):
    """The ratio to reach and what was reached, or None."""
    if not row["goal"]:
        return None
    known = [peer for peer in row["peers"] if "ratio" in peer]
    if row["goal"]["peer"] == "faster":
        reached = min((peer["ratio"] for peer in known), default=None)
    else:
        reached = next(
            (peer["ratio"] for peer in known if peer["name"] == row["goal"]["peer"]), None
        )
    return row["goal"]["ratio"], reached


def is_met(row):
    """True, false, or None where there is no goal or no peer."""
    if "limit" in row:
        fits = row["ours"].get("memory_mib", 0) <= row.get("limit_mib", float("inf"))
        return row["ours"]["median"] <= row["limit"] and fits
    goal = goal_of(row)
    if goal is None or goal[1] is None:
        return None
    return goal[1] >= goal[0]


def figure(value, unit):
    if value >= 1000:
        shown = f"{value:,.0f}"
    elif value >= 100:
        shown = f"{value:.0f}"
    else:
        shown = f"{value:.3g}"
    return shown + ("" if unit.startswith(("/", " ")) else " ") + unit


def spread(told, unit):
    shown = figure(told["median"], unit)
    if told["min"] == told["max"]:
        return shown
    bare = [figure(told[name], "").strip() for name in ("min", "max")]
    return f"{shown} ({bare[0]}–{bare[1]})"


def duration(us):
    return f"{us / 1000:.2f} ms" if us >= 1000 else f"{us:.0f} µs"


def latency(told):
    if "p50_us" not in told:
        return ""
    return f"{duration(told['p50_us'])} / {duration(told['p99_us'])}"


def memory(told):
    return f"{told['memory_mib']:,.0f} MiB" if "memory_mib" in told else ""


def goal_cell(row):
    met = {True: "met", False: "**missed**", None: ""}[is_met(row)]
    if "limit" in row:
        also = f", ≤ {row['limit_mib'] / 1024:g} GiB" if "limit_mib" in row else ""
        return f"≤ {row['limit']}{row['unit']}{also}: {met}"
    if row["goal"]:
        who = "the faster" if row["goal"]["peer"] == "faster" else row["goal"]["peer"]
        return f"≥ {row['goal']['ratio']:g} × {who}: {met}"
    return ""


def notes():
    """What people wrote about rows, by the name in its heading."""
    if not NOTES.exists():
        return {}
    parts = re.split(r"^## (\S+)\n", NOTES.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2])))


def soak(run):
    """What a soak came to, in lines of Markdown."""
    rates, memory, stream = run["rates"], run["memory"], run["stream"]
    out = [
        f"`scripts/soak`, {run['date']}, commit {run['commit']}, on {run['database']}:"
        f" {run['seconds'] / 60:g} min with {run['grids']:,} grids and {run['workers']:,}"
        f" workers; load average before {run['load_average']}. In a second"
        f" {rates['look-up']:,g} look-ups, half of them with an accuracy radius,"
        f" {rates['nearest']:g} nearest, {rates['positions']:,g} positions, {rates['tiles']:g}"
        f" tiles and {rates['filings']:g} filings were due, whether the ones before were answered"
        " or not, and each incident was handled to its end half a minute after; every"
        f" {rates['publish_every_s']:g} seconds an edition was published.",
        "",
        "| what | requests | errors | p50 | p99 | longest |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for what, told in {**run["requests"], **run["boundaries"]}.items():
        if not told["count"]:
            out.append(f"| {what} | 0 | {told['errors']} | | | |")
            continue
        times = " | ".join(duration(told[name]) for name in ("p50_us", "p99_us", "max_us"))
        out.append(f"| {what} | {told['count']:,} | {told['errors']} | {times} |")
    times = [
        f"{memory[name]:,.0f} MiB {words}"
        for name, words in (("start_mib", "at the start"), ("minute_mib", "after a minute"),
                            ("middle_mib", "in the middle"), ("end_mib", "at the end"),
                            ("most_mib", "at most"))
        if memory.get(name) is not None
    ]
    flat = {True: "flat", False: "**not flat**", None: "too short to judge"}[memory["is_flat"]]
    each = memory["bytes_per_incident"]
    out += [
        "",
        f"- memory: {', '.join(times)}, after {memory['filled_mib']:,.0f} MiB of tiles had been asked"
        " for, of which the server keeps 128 MiB packed. A straight line through the second half, a sample a"
        f" second, rises by {memory['mib_per_min']:.2f} MiB a minute, {memory['grown_share']:.2%}"
        f" of the mean over that half (at most {memory['limit_share']:.0%} is allowed), and the"
        f" samples are {memory['deviation_mib']:.0f} MiB from it: {flat}"
        + (". SQLite may keep 64 MiB of pages for the connection that writes and 8 for each of four"
           " that read"
           if run["database"] == "SQLite" else ""),
        f"- {run['incidents']['filed']:,} incidents were filed and {run['incidents']['closed']:,}"
        " handled to their end"
        + (f"; were they all that the line's rise is made of, it would be {each:,.0f} bytes each"
           if each and each > 0 else ""),
        f"- {run['positions']:,} positions were taken, {run['positions'] / run['seconds']:,.0f} in"
        " a second",
        f"- {run['editions']} editions changed {run['changed_areas']:,} areas; {run['probes']} look-ups"
        " right after asked for places that changed hands or nearly so",
        f"- {stream['listeners']} listeners heard {stream['events']:,} events, {stream['versions']:,}"
        f" of them steps of incidents; one left and came back {stream['returns']} times with"
        " `Last-Event-ID`",
        f"- threads {memory['threads'][0]} at the start, {memory['threads'][2]} at the end; open"
        f" files {memory['files'][0]} and {memory['files'][2]}",
        f"- on disk {run['disk_mib'][0]:,.0f} MiB before, {run['disk_mib'][1]:,.0f} MiB after:"
        " most of it are tracks",
    ]
    counted = {
        "were told to come again (429)": "busy",
        "were on an incident that an edition had matched anew meanwhile, and were repeated (409)":
            "conflicts",
        "were not changed (304)": "unchanged",
    }
    for words, name in counted.items():
        number = sum(told.get(name, 0) for told in run["requests"].values())
        out.append(f"- {number:,} requests {words}")
    warned = sum(run["warnings"].values())
    out.append(
        f"- the server's log has {run['log_errors']} errors and {warned:,} warnings"
        + "".join(f"; {number:,} × {what}" for what, number in run["warnings"].items())
    )
    out += [f"- **fault**: {text}" for text in run["complaints"]]
    return out


def write(results):
    machine, rows = results["machine"], results["rows"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    out = [
        "# Benchmarks",
        "",
        "Written by `make bench` (`scripts/bench`); do not edit. Each row is measured beside its"
        " peers in the same run, in turn, in several rounds; what counts is the ratio, taken"
        " round by round: more than 1 × means that Wangge is faster. Figures are medians, with the least"
        " and the most in brackets. All of it runs on one machine and loopback, the load"
        " included.",
        "",
        f"**Machine.** {machine['processor']}, {machine['cores']} cores, {machine['memory_gib']}"
        f" GiB, {machine['system']}. {versions}.",
        "",
        "**Territory.** 122,500 grids of 64 vertices in a valid coverage, below communities of"
        " ten, townships of a hundred, counties and a city, as `benches/coverage` draws them;"
        " rows say where they use something else.",
        "",
        "![Ratios to the peers](images/bench-ratios.svg)",
        "",
        "| what | Wangge | peer | ratio | p50 / p99 | memory | goal |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows.values():
        out.append(
            f"| **{row['what']}** | {spread(row['ours'], row['unit'])} | | |"
            f" {latency(row['ours'])} | {memory(row['ours'])} | {goal_cell(row)} |"
        )
        for peer in row["peers"]:
            if "missing" in peer:
                out.append(f"| | | {peer['name']}: not measured, {peer['missing']} | | | | |")
                continue
            out.append(
                f"| | | {peer['name']}: {spread(peer, row['unit'])} | {peer['ratio']:.3g} × |"
                f" {latency(peer)} | {memory(peer)} | |"
            )
    if "growth" in rows:
        out += [
            "",
            "## Growth",
            "",
            "![Time of a look-up](images/bench-growth-lookup.svg)",
            "",
            "![Time to build](images/bench-growth-build.svg)",
        ]
    if SOAK.exists():
        out += ["", "## Soak", "", *soak(json.loads(SOAK.read_text()))]
    out += ["", "## Row by row", ""]
    written = notes()
    for row in rows.values():
        out += [
            f"### {row['what']}",
            "",
            f"`scripts/bench --only {row['from']}`, {row['date']}, commit {row['commit']}, load average"
            f" before {row['load_average']}, rounds {row['rounds']}. Data: {row['data']}.",
            "",
        ]
        out += [f"- {fact}" for fact in row["facts"]]
        for who, told in [("wangge", row["ours"]), *((p["name"], p) for p in row["peers"])]:
            if "note" in told:
                out.append(f"- {who}: {told['note']}")
        if out[-1]:
            out.append("")
        note = written.get(row["name"]) or written.get(row["from"])
        if note:
            out += [note, ""]
        elif is_met(row) is False:
            out += ["The goal is missed, and nobody has said yet what the time goes to.", ""]
    DOCUMENT.write_text("\n".join(out).rstrip() + "\n")
    draw(rows)
    KEPT.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")


def draw(rows):
    IMAGES.mkdir(exist_ok=True)
    bars = []
    for row in rows.values():
        for peer in row["peers"]:
            if "ratio" in peer:
                goal = row["goal"]
                is_goal = goal and goal["peer"] in (peer["name"], "faster")
                words = f"{row['name'].replace('_', ' ')} : {peer['name']}".replace("`", "")
                bars.append((words, peer["ratio"], goal["ratio"] if is_goal else None))
    if bars:
        picture = plots.ratios(bars, "How many times as fast as its peers; a notch is a goal")
        (IMAGES / "bench-ratios.svg").write_text(picture)
    if "growth" in rows:
        points = rows["growth"]["growth"]
        lookup = [("Wangge", "ours_ns", plots.OURS), ("rstar + geo", "peer_ns", plots.PEER)]
        picture = plots.growth(points, lookup, "ns a look-up", "Time of a look-up")
        (IMAGES / "bench-growth-lookup.svg").write_text(picture)
        build = [("to build, s", "build_s", plots.OURS), ("index, MiB", "index_mib", plots.PEER)]
        picture = plots.growth(points, build, "seconds, MiB", "Time to build and size")
        (IMAGES / "bench-growth-build.svg").write_text(picture)
