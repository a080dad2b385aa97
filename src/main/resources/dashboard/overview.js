// The pools at the top, and the numbers of the one that is shown.

import { STATES, byId, element, number, write } from './format.js';

/** How many backends are in which state, worst first: [['down', 1], ['up', 7]]. */
export function countsOf(rows) {
  return STATES.map((state) => [state, rows.filter((row) => row.state === state).length]).filter(([, count]) => count > 0);
}

/** One link for each pool; nothing if there is only one. */
export function drawPools(pools, shown) {
  const nav = byId('pools');
  nav.hidden = pools.length < 2;
  const list = nav.querySelector('ul');
  while (list.children.length > pools.length) {
    list.lastElementChild.remove();
  }
  pools.forEach((pool, i) => drawPool(list.children[i] ?? list.appendChild(newPool()), pool, pool === shown));
}

function newPool() {
  const item = element('li');
  const link = item.appendChild(element('a'));
  link.append(element('strong'), element('span', 'pool-state'), element('span', 'bar'), element('span', 'pool-rate'));
  return item;
}

function drawPool(item, pool, shown) {
  const link = item.firstElementChild;
  const [name, state, bar, rate] = link.children;
  link.setAttribute('href', `#${encodeURIComponent(pool.name)}`);
  if (shown) {
    link.setAttribute('aria-current', 'true');
  } else {
    link.removeAttribute('aria-current');
  }
  write(name, pool.name);
  write(rate, `${number(pool.figures.rate)}/s · ${number(pool.inFlight)} in flight · p99 ${number(pool.figures.p99)} ms`);
  write(state, `${pool.eligible} of ${pool.rows.length} eligible${pool.panic ? ', panic' : ''}`);
  drawBar(bar, countsOf(pool.rows));
}

function drawBar(bar, counts) {
  const wanted = counts.map(([state, count]) => `${state}${count}`).join();
  if (bar.dataset.of === wanted) {
    return;
  }
  bar.dataset.of = wanted;
  bar.replaceChildren(...counts.map(([state, count]) => {
    const part = element('span', `s-${state}`);
    part.style.flexGrow = String(count);
    return part;
  }));
}

/** The numbers of the pool that is shown. */
export function drawNumbers(pool) {
  write(byId('pool-name'), pool.name);
  write(byId('pool-facts'), `${pool.strategy} · ${pool.eligible} of ${pool.rows.length} eligible`);
  byId('panic').hidden = !pool.panic;
  const { rate, failed, p50, p90, p99 } = pool.figures;
  const figures = { rate, failed, p50, p90, p99, inflight: pool.inFlight };
  Object.entries(figures).forEach(([name, value]) => write(byId(`n-${name}`), number(value)));
  byId('box-failed').classList.toggle('hot', failed > 0);
  drawReasons(pool.reasons);
}

function drawReasons(reasons) {
  const entries = Object.entries(reasons).sort(([, a], [, b]) => b - a);
  const most = entries.length ? entries[0][1] : 1;
  byId('no-reasons').hidden = entries.length > 0;
  byId('reasons').replaceChildren(...entries.map(([reason, count]) => {
    const row = element('tr');
    const name = element('th', 'reason', reason.replaceAll('_', ' '));
    name.scope = 'row';
    const value = element('td', 'num');
    const meter = element('span', 'fill');
    meter.style.width = `${(100 * count) / most}%`;
    value.append(meter, element('span', '', number(count)));
    row.append(name, value);
    return row;
  }));
}
