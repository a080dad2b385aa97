// The dialogs: a backend with its story and what can be done to it, and the form for another one.

import { Refusal } from './actions.js';
import { byId, element, number } from './format.js';

export class Forms {
  #actions;
  #open = null;
  #pool = '';

  constructor(actions) {
    this.#actions = actions;
    byId('drain').addEventListener('click', () => this.#do('drains now', (pool, id) => actions.drain(pool, id)));
    byId('resume').addEventListener('click', () => this.#do('takes requests again', (pool, id) => actions.resume(pool, id)));
    byId('weight-form').addEventListener('submit', (event) => this.#weigh(event));
    byId('remove').addEventListener('click', () => this.#askIfSure(true));
    byId('sure-no').addEventListener('click', () => this.#askIfSure(false));
    byId('sure-yes').addEventListener('click', () => this.#do('is removed', (pool, id) => actions.remove(pool, id), true));
    byId('add').addEventListener('click', () => this.#showAdding());
    byId('add-form').addEventListener('submit', (event) => this.#add(event));
    byId('backend').addEventListener('close', () => {
      this.#open = null;
    });
  }

  /** The pool that new backends join, and whose backends the dialog shows. */
  set pool(name) {
    this.#pool = name;
  }

  /** Opens a backend's dialog. */
  open(row) {
    this.#open = row.id;
    this.#actions.look(this.#pool);
    byId('weight').value = row.weight;
    byId('backend-said').textContent = '';
    byId('sure').hidden = true;
    this.refresh([row]);
    byId('backend').showModal();
  }

  /** Keeps an open dialog up to date. */
  refresh(rows) {
    const row = rows.find((each) => each.id === this.#open);
    if (!row) {
      return;
    }
    byId('backend-title').textContent = row.id;
    byId('backend-why').textContent = row.why;
    byId('drain').hidden = row.draining;
    byId('resume').hidden = !row.draining;
    const facts = {
      Address: row.url,
      State: row.state,
      'In flight': row.maxInFlight ? `${row.inFlight} of at most ${row.maxInFlight}` : String(row.inFlight),
      Zone: row.zone || '–',
      Priority: row.priority ? `${row.priority} (0 is the best)` : '0, the best',
      'Requests': `${number(row.figures.rate)}/s, ${number(row.figures.failed)}/s failed`,
      Latency: `p50 ${number(row.figures.p50)}, p90 ${number(row.figures.p90)}, p99 ${number(row.figures.p99)} ms`,
    };
    byId('backend-facts').replaceChildren(...Object.entries(facts).flatMap(([name, text]) => [element('dt', '', name), element('dd', '', text)]));
  }

  #weigh(event) {
    event.preventDefault();
    const weight = byId('weight').valueAsNumber;
    this.#do(`has weight ${weight} now`, (pool, id) => this.#actions.weigh(pool, id, weight));
  }

  #askIfSure(asking) {
    byId('sure').hidden = !asking;
    byId(asking ? 'sure-no' : 'remove').focus();
  }

  async #do(done, act, close = false) {
    const id = this.#open;
    const ended = await this.#attempt(byId('backend-said'), () => act(this.#pool, id));
    if (ended) {
      tell(`${id} ${done}.`);
      if (close) {
        byId('backend').close();
      }
    }
  }

  #showAdding() {
    this.#actions.look(this.#pool);
    byId('add-form').reset();
    byId('adding-said').textContent = '';
    byId('adding').showModal();
  }

  async #add(event) {
    event.preventDefault();
    const backend = { url: byId('add-url').value.trim(), weight: byId('add-weight').valueAsNumber };
    const id = byId('add-id').value.trim();
    if (id) {
      backend.id = id;
    }
    if (await this.#attempt(byId('adding-said'), () => this.#actions.add(this.#pool, backend))) {
      byId('adding').close();
      tell(`${id || backend.url} joined ${this.#pool}.`);
    }
  }

  /** Whether it went well; if not, the place says why. */
  async #attempt(place, act) {
    place.textContent = '';
    try {
      await act();
      return true;
    } catch (failure) {
      if (!(failure instanceof Refusal)) {
        throw failure;
      }
      place.textContent = failure.message;
      return false;
    } finally {
      byId('lock').hidden = !this.#actions.hasToken();
    }
  }
}

const TOLD_MILLIS = 5000;
let hiding;

function tell(text) {
  const toast = byId('toast');
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    toast.hidden = true;
  }, TOLD_MILLIS);
}
