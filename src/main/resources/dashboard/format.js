// Numbers, times and elements as the page writes them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A figure in as many digits as one reads at a glance: 0.3, 12.5, 1,204; a dash for none. */
export function number(value) {
  if (value === null || value === undefined) {
    return '–';
  }
  return value >= 100 ? whole.format(value) : tenths.format(value);
}

const STEPS = [
  ['d', 86400],
  ['h', 3600],
  ['min', 60],
];

/** How long ago that was: 12 s, 4 min, 3 h, 2 d. */
export function ago(instant, now) {
  const seconds = Math.max(0, Math.round((now - Date.parse(instant)) / 1000));
  for (const [unit, size] of STEPS) {
    if (seconds >= size) {
      return `${Math.floor(seconds / size)} ${unit}`;
    }
  }
  return `${seconds} s`;
}

/** The time of day. */
export function clock(instant) {
  return new Date(instant).toLocaleTimeString('en-GB');
}

/** An element with text in it; markup never comes from text. */
export function element(tag, className = '', text = '') {
  const made = document.createElement(tag);
  if (className) {
    made.className = className;
  }
  if (text) {
    made.textContent = text;
  }
  return made;
}

/** Writes only what is new, so that the browser lays out nothing anew for nothing. */
export function write(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

export const byId = (id) => document.getElementById(id);

/** Worst first: the order in which somebody wants to see them. */
export const STATES = ['down', 'ejected', 'trial', 'draining', 'warming', 'up'];
