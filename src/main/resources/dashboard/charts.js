// The last 15 minutes of a pool in three charts.

import uPlot from './uplot.js';
import { byId, number } from './format.js';

const WINDOW_SECONDS = 15 * 60;

const CHARTS = [
  { id: 'chart-rate', what: 'Requests per second', unit: '/s', series: [['all', 'rate', '--c1', true], ['failed', 'failed', '--bad', true]] },
  { id: 'chart-latency', what: 'Latency', unit: ' ms', series: [['p50', 'p50', '--c1', false], ['p90', 'p90', '--c2', false], ['p99', 'p99', '--c3', false]] },
  { id: 'chart-inflight', what: 'Requests in flight', unit: '', series: [['in flight', 'inFlight', '--c1', true]] },
];

/** Draws, and draws anew when the size or the theme changes. */
export class Charts {
  #plots = [];
  #past = null;

  constructor() {
    new ResizeObserver(() => this.#resize()).observe(document.querySelector('.charts'));
  }

  /** Shows this pool's past. */
  show(past) {
    this.#past = past;
    if (this.#plots.length === 0) {
      this.rebuild();
    } else {
      this.#plots.forEach(({ plot, chart }) => plot.setData(dataOf(chart, past)));
    }
    this.#plots.forEach(({ chart }) => describe(chart, past));
  }

  /** With the colours that are in force now. */
  rebuild() {
    if (!this.#past) {
      return;
    }
    this.#plots.forEach(({ plot }) => plot.destroy());
    this.#plots = CHARTS.map((chart) => ({ chart, plot: plotOf(chart, this.#past) }));
  }

  #resize() {
    this.#plots.forEach(({ plot, chart }) => plot.setSize(sizeOf(byId(chart.id))));
  }
}

function plotOf(chart, past) {
  const place = byId(chart.id);
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const em = emOf(place);
  const axis = {
    stroke: color('--faint'),
    font: `${Math.round(em * 0.78)}px system-ui, sans-serif`,
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
  return new uPlot(
    {
      ...sizeOf(place),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'velo' }, points: { size: 6 } },
      padding: [em * 0.5, em * 0.4, 0, 0],
      scales: {
        x: { range: (plot, min, max) => [max - WINDOW_SECONDS, max] },
        y: { range: (plot, min, max) => [0, Math.max(1, max ?? 0) * 1.12] },
      },
      axes: [
        { ...axis, size: em * 1.5, gap: 3, space: em * 5, values: (plot, ticks) => ticks.map(timeOf) },
        { ...axis, size: em * 2.9, space: em * 2, gap: 4, values: (plot, ticks) => ticks.map(short) },
      ],
      series: [{}, ...chart.series.map(([label, , stroke, filled]) => ({
        label,
        stroke: color(stroke),
        width: 1.5,
        fill: filled ? `${color(stroke)}22` : undefined,
        points: { show: false },
        spanGaps: !filled,
      }))],
      hooks: { setCursor: [(plot) => hover(chart, plot)] },
    },
    dataOf(chart, past),
    place,
  );
}

function dataOf(chart, past) {
  return [past.at.map((millis) => millis / 1000), ...chart.series.map(([, column]) => past[column])];
}

function emOf(node) {
  return parseFloat(getComputedStyle(node).fontSize);
}

function sizeOf(place) {
  return { width: Math.max(120, Math.floor(place.clientWidth)), height: Math.max(80, Math.floor(place.clientHeight)) };
}

function timeOf(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

function short(value) {
  return value >= 10000 ? `${value / 1000}k` : String(value);
}

/** The figures under the pointer stand in the caption's place. */
function hover(chart, plot) {
  const caption = plot.root.parentElement;
  const at = plot.cursor.idx;
  if (at === null || at === undefined) {
    delete caption.dataset.at;
    return;
  }
  const figures = chart.series.map(([label], i) => `${label} ${number(plot.data[i + 1][at])}`);
  caption.dataset.at = `${new Date(plot.data[0][at] * 1000).toLocaleTimeString('en-GB')}  ${figures.join('  ')}`;
}

/** What a chart says to who doesn't see it. */
function describe(chart, past) {
  const now = chart.series.map(([label, column]) => `${label} ${number(past[column].at(-1))}${chart.unit}`);
  const place = byId(chart.id);
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', `${chart.what} over the last 15 minutes; now ${now.join(', ')}`);
}
