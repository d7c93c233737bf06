"""Plots as SVG, in colours that can be seen on light and on dark."""

import math
from html import escape

INK, FAINT = "#7a8490", "#9aa4b0"
OURS, PEER, WELL, SHORT = "#1677c8", "#d9822b", "#2e9e5b", "#cf4a4a"
FONT = 'font-family="system-ui, sans-serif" font-size="13"'


def text(x, y, words, anchor="start", colour=INK):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def line(x1, y1, x2, y2, colour=FAINT, wide=1):
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"'
        f' stroke-width="{wide}"/>'
    )


def svg(wide, high, parts, title):
    inside = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img"'
        f' {FONT}>\n<title>{escape(title)}</title>\n{inside}\n</svg>\n'
    )


def growth(points, series, label, title):
    """Lines over the number of grids; both axes logarithmic. `series` are a name, a key of
    the points, and a colour."""
    wide, high, left, right, top, bottom = 720, 380, 70, 150, 30, 50
    sizes = [point["grids"] for point in points]
    values = [point[key] for _, key, _ in series for point in points]
    low = 10 ** math.floor(math.log10(min(values)))
    up = 10 ** math.ceil(math.log10(max(values)))

    def x(size):
        share = math.log10(size / sizes[0]) / math.log10(sizes[-1] / sizes[0])
        return left + share * (wide - left - right)

    def y(value):
        return high - bottom - math.log10(value / low) / math.log10(up / low) * (high - top - bottom)

    parts = [text(left, 18, label)]
    mark = low
    while mark <= up * 1.001:
        parts += [line(left, y(mark), wide - right, y(mark)), text(left - 8, y(mark) + 4, f"{mark:g}", "end")]
        mark *= 10
    for size in sizes:
        parts.append(text(x(size), high - bottom + 20, f"{size:,}", "middle"))
    parts.append(text((left + wide - right) / 2, high - 8, "grids of 64 vertices", "middle"))
    for name, key, colour in series:
        path = " ".join(f"{x(point['grids']):.1f},{y(point[key]):.1f}" for point in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts += [
            f'<circle cx="{x(point["grids"]):.1f}" cy="{y(point[key]):.1f}" r="3.5" fill="{colour}"/>'
            for point in points
        ]
        parts.append(text(wide - right + 10, y(points[-1][key]) + 4, name, colour=colour))
    return svg(wide, high, parts, title)


def ratios(bars, title):
    """A bar for each ratio, over a logarithmic axis; a notch where the goal is. Bars are
    words, a ratio and a goal or None."""
    left, right, step, top = 330, 70, 26, 34
    wide, high = 860, top + step * len(bars) + 20
    every = [bar[1] for bar in bars] + [bar[2] for bar in bars if bar[2]] + [1]
    low = 10 ** math.floor(math.log10(min(every)))
    up = 10 ** math.ceil(math.log10(max(every)))

    def x(ratio):
        return left + math.log10(ratio / low) / math.log10(up / low) * (wide - left - right)

    parts = []
    mark = low
    while mark <= up * 1.001:
        parts += [
            line(x(mark), top - 8, x(mark), high - 16),
            text(x(mark), top - 14, f"{mark:g} ×", "middle"),
        ]
        mark *= 10
    for place, (words, ratio, goal) in enumerate(bars):
        y = top + place * step
        colour = OURS if goal is None else WELL if ratio >= goal else SHORT
        begin, end = sorted((x(1), x(ratio)))
        parts += [
            text(left - 10, y + 14, words, "end"),
            f'<rect x="{begin:.1f}" y="{y + 3}" width="{max(end - begin, 1):.1f}" height="15"'
            f' fill="{colour}"/>',
            text(wide - right + 6, y + 14, f"{ratio:.3g} ×"),
        ]
        if goal:
            parts.append(line(x(goal), y, x(goal), y + 21, INK, 2.5))
    return svg(wide, high, parts, title)
