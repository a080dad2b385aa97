// The backends of the pool that is shown: a row each, kept while the backend is there.

import { STATES, ago, byId, element, number, write } from './format.js';
import { countsOf } from './overview.js';

const FIGURES = ['rate', 'failed', 'p50', 'p99'];

const value = {
  state: (row) => STATES.indexOf(row.state),
  id: (row) => row.id,
  since: (row) => -Date.parse(row.since),
  inFlight: (row) => row.inFlight,
  weight: (row) => row.weight,
};
FIGURES.forEach((name) => {
  value[name] = (row) => row.figures[name] ?? -1;
});

export class Table {
  #rows = new Map();
  #cells = new Map();
  #sort = { by: 'state', down: false };
  #pool = null;
  #now = 0;
  #onOpen;

  /** @param onOpen called with the backend whose details are wanted */
  constructor(onOpen) {
    this.#onOpen = onOpen;
    document.querySelectorAll('th[data-sort]').forEach((head) => {
      head.querySelector('button').addEventListener('click', () => this.#sortBy(head.dataset.sort));
    });
    byId('filter').addEventListener('input', () => this.#arrange());
  }

  /** Draws the backends of this pool as they are now. */
  show(pool, now) {
    if (this.#pool?.name !== pool.name) {
      this.#rows.forEach((line) => line.tr.remove());
      this.#rows.clear();
      this.#cells.clear();
    }
    this.#pool = pool;
    this.#now = now;
    const ids = new Set(pool.ids);
    this.#rows.forEach((line, id) => ids.has(id) || this.#drop(id));
    const most = Math.max(1, ...pool.rows.map((row) => row.figures.rate));
    pool.rows.forEach((row) => this.#draw(row, most));
    this.#drawCounts();
    this.#arrange();
  }

  #drop(id) {
    this.#rows.get(id).tr.remove();
    this.#cells.get(id).remove();
    this.#rows.delete(id);
    this.#cells.delete(id);
  }

  #draw(row, most) {
    const line = this.#rows.get(row.id) ?? this.#newLine(row.id);
    const cell = this.#cells.get(row.id);
    line.row = row;
    line.tr.dataset.state = row.state;
    line.state.className = `state s-${row.state}`;
    cell.className = `s-${row.state}`;
    cell.title = `${row.id}: ${row.state}, ${row.reason}`;
    write(line.word, row.state);
    write(line.url, row.url.endsWith(`//${row.id}`) ? '' : row.url);
    write(line.place, placeOf(row));
    write(line.why, row.reason);
    write(line.whyBelow, row.reason);
    write(line.since, ago(row.since, this.#now));
    line.since.title = new Date(row.since).toLocaleString();
    FIGURES.forEach((name) => figure(line[name], row.figures[name]));
    line.failed.classList.toggle('hot', row.figures.failed > 0);
    line.fill.style.width = `${(100 * row.figures.rate) / most}%`;
    figure(line.inFlight, row.inFlight);
    figure(line.weight, row.weight);
  }

  #newLine(id) {
    const tr = element('tr');
    const line = { tr };
    const state = tr.appendChild(element('td', 'c-state'));
    line.state = state.appendChild(element('span', 'state'));
    line.state.append(element('span', 'mark'), (line.word = element('span')));
    const name = tr.appendChild(element('th', 'c-name'));
    name.scope = 'row';
    name.append(element('span', 'id', id), (line.place = element('span', 'place')), (line.url = element('span', 'url')), (line.whyBelow = element('span', 'why-below')));
    line.whyBelow.setAttribute('aria-hidden', 'true');
    line.why = tr.appendChild(element('td', 'c-why'));
    line.since = tr.appendChild(element('td', 'c-since'));
    const rate = tr.appendChild(element('td', 'num c-rate'));
    rate.append((line.fill = element('span', 'fill')), (line.rate = element('span')));
    line.failed = tr.appendChild(element('td', 'num c-failed'));
    line.p50 = tr.appendChild(element('td', 'num c-p50'));
    line.p99 = tr.appendChild(element('td', 'num c-p99'));
    line.inFlight = tr.appendChild(element('td', 'num c-inflight'));
    line.weight = tr.appendChild(element('td', 'num c-weight'));
    const more = tr.appendChild(element('td', 'c-more')).appendChild(element('button', 'more', 'Details'));
    more.type = 'button';
    more.setAttribute('aria-label', `Details of ${id}`);
    more.addEventListener('click', () => this.#onOpen(line.row));
    this.#rows.set(id, line);
    const cell = element('span');
    cell.addEventListener('click', () => this.#onOpen(line.row));
    this.#cells.set(id, cell);
    return line;
  }

  #drawCounts() {
    const counts = countsOf(this.#pool.rows);
    const wanted = counts.map(([state, count]) => `${count} ${state}`).join(', ');
    const place = byId('counts');
    if (place.dataset.of !== wanted) {
      place.dataset.of = wanted;
      place.replaceChildren(...counts.map(([state, count]) => {
        const part = element('span', `state s-${state}`);
        part.append(element('span', 'mark'), element('span', '', `${count} ${state}`));
        return part;
      }));
    }
    byId('map').hidden = this.#pool.rows.length < 12;
  }

  #sortBy(column) {
    const same = this.#sort.by === column;
    this.#sort = same && this.#sort.down ? { by: '', down: false } : { by: column, down: same };
    document.querySelectorAll('th[data-sort]').forEach((head) => {
      if (head.dataset.sort === this.#sort.by) {
        head.setAttribute('aria-sort', this.#sort.down ? 'descending' : 'ascending');
      } else {
        head.removeAttribute('aria-sort');
      }
    });
    this.#arrange();
  }

  /** In the order and with the filter that are set; rows move only if they have to. */
  #arrange() {
    if (!this.#pool) {
      return;
    }
    const wanted = byId('filter').value.trim().toLowerCase();
    const fits = (row) => `${row.id} ${row.state} ${row.reason} ${row.url} ${placeOf(row)}`.toLowerCase().includes(wanted);
    const sorted = this.#sorted();
    place(byId('rows'), sorted.filter(fits).map((row) => this.#rows.get(row.id).tr));
    place(byId('map'), this.#pool.rows.map((row) => this.#cells.get(row.id)));
    const none = byId('none');
    none.hidden = byId('rows').children.length > 0;
    none.textContent = this.#pool.rows.length === 0 ? 'This pool has no backends.' : 'No backend fits the filter.';
  }

  #sorted() {
    const { by, down } = this.#sort;
    if (!by) {
      return this.#pool.rows;
    }
    const read = value[by];
    const order = (a, b) => (read(a) < read(b) ? -1 : read(a) > read(b) ? 1 : 0);
    return [...this.#pool.rows].sort((a, b) => (down ? -order(a, b) : order(a, b)));
  }
}

/** Where it stands, and which priority it has if that isn't the best: zone a, priority 1. */
function placeOf(row) {
  return [row.zone && `zone ${row.zone}`, row.priority > 0 && `priority ${row.priority}`].filter(Boolean).join(', ');
}

/** What is nothing stands back. */
function figure(node, count) {
  write(node, number(count));
  node.classList.toggle('nil', !count);
}

function place(parent, children) {
  children.forEach((child, i) => {
    if (parent.children[i] !== child) {
      parent.insertBefore(child, parent.children[i] ?? null);
    }
  });
  while (parent.children.length > children.length) {
    parent.lastElementChild.remove();
  }
}
