"""What was found, as a table for people, as JSON, and as Markdown for docs/performance.md."""

import json


def write(file, machine, settings, figures):
    """Writes everything as JSON; figures of an earlier run stay where they were not measured again."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = read(file)["figures"] if file.exists() else []
    names = {figure.name for figure in figures}
    stamp = {"machine": machine, **settings}
    new = [figure.as_json() | {"measured": stamp} for figure in figures]
    everything = {"figures": [one for one in kept if one["name"] not in names] + new}
    file.write_text(json.dumps(everything, indent=2) + "\n")


def read(file):
    """What `write` wrote."""
    return json.loads(file.read_text())


def number(value):
    """Three digits that count, or none behind the point."""
    if value >= 1000:
        return f"{value:,.0f}"
    digits = 2 if value >= 10 else 3
    return f"{value:.{digits}f}"


def cells(one):
    """The cells of a row: name, median, spread, bound, aim, verdict."""
    result = one["result"]
    median = number(result["median"]) + ("" if one["kind"] == "ratio" else f" {one['unit']}")
    return [
        one["name"], median, f"{number(result['minimum'])} to {number(result['maximum'])}",
        f"{number(result['lower_quartile'])} to {number(result['upper_quartile'])}",
        limit(one, "bound"), limit(one, "aim"), verdict(one),
    ]


def limit(one, which):
    """The bound or the aim."""
    sign = "≥" if one["at_least"] else "≤"
    return "none" if one[which] is None else f"{sign} {one[which]:g}"


def verdict(one):
    """What to make of it."""
    if one["problems"]:
        return "WORTHLESS: " + "; ".join(one["problems"])
    if one["bound"] is None:
        return "measured"
    return "aim" if one["reaches_aim"] else "holds" if one["holds"] else "MISSED"


HEAD = ["figure", "median", "min to max", "quartiles", "bound", "aim", "verdict"]


def table(figures):
    """Aligned columns for a terminal."""
    rows = [HEAD] + [cells(one) for one in figures]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def markdown(figures):
    """The table of docs/performance.md."""
    lines = ["| " + " | ".join(["figure", "what", *HEAD[1:]]) + " |", "|---" * (len(HEAD) + 1) + "|"]
    for one in figures:
        name, *rest = cells(one)
        absolute = "" if one["kind"] == "value" else absolutes(one)
        lines.append("| " + " | ".join([f"`{name}`", one["title"] + absolute, *rest]) + " |")
    return "\n".join(lines)


def absolutes(one):
    """The medians behind a ratio."""
    middle = lambda values: number(sorted(values)[len(values) // 2])
    return f": {middle(one['doorward'])} to {middle(one['baseline'])} {one['unit']}"


def machine_line(facts):
    """One sentence about a machine."""
    return (f"{facts['cores']} cores, {facts['cpu']}, {facts['memory_mib']:,} MiB, Linux {facts['kernel']}, "
            f"files on {facts['temporary_files']}")
