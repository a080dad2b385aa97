"""Curves as SVG over evenly spaced ticks, values on a logarithmic scale."""
import math
from html import escape

COLOURS = ("#c2410c", "#1d4ed8", "#15803d", "#7e22ce", "#64748b", "#b45309")
DASHES = ("", "", "", "", "6 4", "2 3")
LEFT, TOP, WIDTH, HEIGHT, RIGHT = 70, 50, 520, 300, 150


def svg(title, ticks, curves):
    values = [value for curve in curves.values() for value in curve]
    low, high = min(values) * 0.95, max(values) * 1.05
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + RIGHT} {TOP + HEIGHT + 50}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{LEFT + WIDTH + RIGHT}" height="{TOP + HEIGHT + 50}" fill="#ffffff"/>',
        f'<text x="12" y="26" font-weight="bold" font-size="14">{escape(title)}</text>',
    ]
    for value in steps(low, high):
        y = height(value, low, high)
        lines += [f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e2e8f0"/>',
                  f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>']
    for place, tick in enumerate(ticks):
        lines.append(f'<text x="{across(place, ticks):.1f}" y="{TOP + HEIGHT + 22}" text-anchor="middle">'
                     f'{escape(tick)}</text>')
    ends = spread([(height(curve[-1], low, high), name) for name, curve in curves.items()])
    for number, (name, curve) in enumerate(curves.items()):
        points = " ".join(f"{across(place, ticks):.1f},{height(value, low, high):.1f}"
                          for place, value in enumerate(curve))
        colour = COLOURS[number % len(COLOURS)]
        lines += [f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
                  f'stroke-dasharray="{DASHES[number % len(DASHES)]}"/>',
                  f'<text x="{LEFT + WIDTH + 10}" y="{ends[name] + 4:.1f}" fill="{colour}">{escape(name)}</text>']
    return "\n".join([*lines, "</svg>", ""])


def across(place, ticks):
    return LEFT + 10 + (WIDTH - 20) * place / max(1, len(ticks) - 1)


def height(value, low, high):
    return TOP + HEIGHT * (1 - math.log(value / low) / math.log(high / low))


def steps(low, high):
    """Round numbers between the two: 1, 2, 5, 10 and so on; more of them if the two are close."""
    factors = (1, 2, 5) if high / low > 5 else (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8)
    first = math.floor(math.log10(low))
    return [factor * 10 ** power for power in range(first, math.ceil(math.log10(high)) + 1) for factor in factors
            if low <= factor * 10 ** power <= high]


def spread(ends):
    """Moves names apart that would stand on top of each other."""
    moved, last = {}, -math.inf
    for y, name in sorted(ends):
        last = max(y, last + 15)
        moved[name] = last
    return moved
