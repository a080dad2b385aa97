"""Bars as SVG, the shortest on top."""
from html import escape

COLOURS = {"velo": "#c2410c", "other": "#64748b"}
LETTER = 7.5  # pixels, about


def svg(title, rows):
    bars = sorted(rows)
    longest = max([value for value, _ in bars] + [1e-9])
    left = 24 + LETTER * max([len(name) for _, name in bars] + [10])
    width, height = max(left + 560, 24 + LETTER * len(title)), 60 + 30 * len(bars)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" font-family="sans-serif" '
        'font-size="14">',
        f'<rect width="{width:.0f}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="26" font-weight="bold">{escape(title)}</text>',
    ]
    for index, (value, name) in enumerate(bars):
        top = 44 + 30 * index
        length = max(1, 440 * value / longest)
        colour = COLOURS["velo" if name.startswith("velo") else "other"]
        lines += [
            f'<text x="{left:.0f}" y="{top + 15}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{left + 10:.0f}" y="{top}" width="{length:.0f}" height="20" fill="{colour}"/>',
            f'<text x="{left + 16 + length:.0f}" y="{top + 15}">{value:,.1f}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])
