// Changes, by the same endpoints that everyone uses. The token is asked for once and kept in this tab.

import { byId } from './format.js';

const KEPT = 'velo-token';
const TAG_MILLIS = 3000;

/** What went wrong, in words for the person who asked for it. */
export class Refusal extends Error {}

export class Actions {
  #actuator = '/actuator';
  #writable = true;
  #seen = Promise.resolve(null);

  /** Where the endpoints are, and whether they take changes at all. */
  use({ actuator, writable }) {
    this.#actuator = actuator;
    this.#writable = writable;
  }

  /** The operator looks at a pool from now on: changes are for what it is like at this moment. */
  look(pool) {
    this.#seen = this.#writable ? this.#tagOf(pool) : Promise.resolve(null);
  }

  drain(pool, id) {
    return this.#change(pool, 'POST', this.#backend(pool, id, '/drain'));
  }

  resume(pool, id) {
    return this.#change(pool, 'POST', this.#backend(pool, id, '/resume'));
  }

  weigh(pool, id, weight) {
    return this.#change(pool, 'PATCH', this.#backend(pool, id, ''), { weight });
  }

  remove(pool, id) {
    return this.#change(pool, 'DELETE', this.#backend(pool, id, ''));
  }

  add(pool, backend) {
    return this.#change(pool, 'POST', `${this.#pool(pool)}/backends`, backend);
  }

  hasToken() {
    return sessionStorage.getItem(KEPT) !== null;
  }

  forgetToken() {
    sessionStorage.removeItem(KEPT);
  }

  #pool(name) {
    return `${this.#actuator}/pools/${encodeURIComponent(name)}`;
  }

  #backend(pool, id, verb) {
    return `${this.#pool(pool)}/backends/${encodeURIComponent(id)}${verb}`;
  }

  /** The entity tag of a pool as it is now; none if nobody can tell. */
  async #tagOf(pool) {
    try {
      const answer = await fetch(this.#pool(pool).replace(/^\//, ''), { signal: AbortSignal.timeout(TAG_MILLIS) });
      await answer.text();
      return answer.ok ? answer.headers.get('ETag') : null;
    } catch {
      return null;
    }
  }

  async #change(pool, method, path, body) {
    if (!this.#writable) {
      throw new Refusal(WORDS[403]);
    }
    let answer = await this.#ask(method, path, body, sessionStorage.getItem(KEPT) ?? (await askForToken('')));
    if (answer.status === 401) {
      answer = await this.#ask(method, path, body, await askForToken('That was not the right token. '));
    }
    if (!answer.ok) {
      this.look(pool);
      throw await refusalOf(answer);
    }
    this.#seen = Promise.resolve(answer.headers.get('ETag'));
    return answer;
  }

  async #ask(method, path, body, token) {
    const headers = { Authorization: `Bearer ${token}` };
    const seen = await this.#seen;
    if (seen) {
      headers['If-Match'] = seen;
    }
    if (body) {
      headers['Content-Type'] = 'application/json';
    }
    let answer;
    try {
      answer = await fetch(path.replace(/^\//, ''), { method, headers, body: body && JSON.stringify(body) });
    } catch {
      throw new Refusal('Velo cannot be reached; nothing was changed.');
    }
    if (answer.status === 401) {
      sessionStorage.removeItem(KEPT);
    } else {
      sessionStorage.setItem(KEPT, token);
    }
    return answer;
  }
}

const WORDS = {
  401: 'The token is not the right one.',
  403: 'Changes are off: lb.admin.token is not set.',
  404: 'There is no such backend any more.',
  409: 'Another backend stands in the way.',
  412: 'Somebody else changed this pool meanwhile, so nothing was done. Look again, and repeat it if you still want to.',
};

async function refusalOf(answer) {
  if (answer.status === 412) {
    return new Refusal(WORDS[412]);
  }
  try {
    const problem = await answer.json();
    const flaws = (problem.errors ?? []).map(({ key, value, rule }) => `${key} is ${value} but ${rule}`);
    const words = flaws.length > 0 ? flaws.join('; ') : problem.detail;
    if (words) {
      return new Refusal(`${words[0].toUpperCase()}${words.slice(1)}.`.replace(/\.\.$/, '.'));
    }
  } catch {
    // no problem body, so the status has to do
  }
  return new Refusal(WORDS[answer.status] ?? `Velo refused: status ${answer.status}.`);
}

/** Resolves with what was typed in; rejects if nothing was. */
function askForToken(before) {
  const dialog = byId('asking');
  const form = byId('token-form');
  const field = byId('token');
  byId('asking-why').firstChild.textContent = `${before}Changes need the token of `;
  field.value = '';
  dialog.showModal();
  return new Promise((resolve, reject) => {
    const given = (event) => {
      event.preventDefault();
      resolve(field.value);
      dialog.close();
    };
    form.addEventListener('submit', given);
    byId('token-no').onclick = () => dialog.close();
    dialog.addEventListener(
      'close',
      () => {
        form.removeEventListener('submit', given);
        reject(new Refusal('Without the token nothing was changed.'));
      },
      { once: true },
    );
  });
}
