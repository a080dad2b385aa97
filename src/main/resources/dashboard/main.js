// Puts the page together.

import { Actions } from './actions.js';
import { drawBeside } from './beside.js';
import { Charts } from './charts.js';
import { Events } from './events.js';
import { follow } from './feed.js';
import { Forms } from './form.js';
import { byId, write } from './format.js';
import { drawNumbers, drawPools } from './overview.js';
import { Table } from './table.js';

const THEMES = ['system', 'light', 'dark'];
const LINKS = { live: 'live', waiting: 'connecting', lost: 'connection lost, trying again' };

const actions = new Actions();
const charts = new Charts();
const events = new Events();
const forms = new Forms(actions);
const table = new Table((row) => forms.open(row));
let world = { pools: [] };

function shownPool() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  return world.pools.find((pool) => pool.name === wanted) ?? world.pools[0];
}

function draw() {
  const pool = shownPool();
  byId('pool').hidden = !pool;
  byId('empty').hidden = Boolean(pool);
  if (!pool) {
    return;
  }
  drawPools(world.pools, pool);
  drawNumbers(pool);
  drawBeside(pool.beside, world.now);
  charts.show(pool.past);
  table.show(pool, world.now);
  forms.pool = pool.name;
  forms.refresh(pool.rows);
}

function onNews(now, { first, happenings }) {
  world = now;
  actions.use(world.setting);
  draw();
  events.show(world.events, happenings);
  if (!first) {
    events.say(happenings);
  }
}

function onLink(state) {
  byId('link').dataset.state = state;
  write(byId('link-text'), LINKS[state]);
}

function useTheme(theme) {
  localStorage.setItem('velo-theme', theme);
  document.documentElement.dataset.theme = theme;
  byId('theme').textContent = `Theme: ${theme}`;
  charts.rebuild();
}

function currentTheme() {
  const kept = localStorage.getItem('velo-theme');
  return THEMES.includes(kept) ? kept : THEMES[0];
}

byId('theme').addEventListener('click', () => useTheme(THEMES[(THEMES.indexOf(currentTheme()) + 1) % THEMES.length]));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => charts.rebuild());
byId('lock').hidden = !actions.hasToken();
byId('lock').addEventListener('click', () => {
  actions.forgetToken();
  byId('lock').hidden = true;
});
addEventListener('hashchange', draw);
addEventListener('keydown', (event) => {
  const typing = event.target.closest('input, dialog');
  if (event.key === '/' && !typing) {
    event.preventDefault();
    byId('filter').focus();
  }
});

useTheme(currentTheme());
follow(onNews, onLink);
