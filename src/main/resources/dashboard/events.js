// What happened, as a list for who looks and as a sentence now and then for who listens.

import { byId, clock, element } from './format.js';

const SAY_EVERY_MILLIS = 5000;

export class Events {
  #unsaid = [];
  #saying = false;

  /** Shows the events, the latest first, and says the new ones. */
  show(events, fresh) {
    const list = byId('events');
    byId('no-events').hidden = events.length > 0;
    list.hidden = events.length === 0;
    if (fresh.length > 0 || list.children.length !== events.length) {
      list.replaceChildren(...events.map(lineOf));
    }
  }

  /** Puts these into words for a screen reader, many at once as one sentence. */
  say(fresh) {
    this.#unsaid.push(...fresh);
    if (!this.#saying && this.#unsaid.length > 0) {
      this.#saying = true;
      this.#speak();
    }
  }

  #speak() {
    const news = this.#unsaid;
    this.#unsaid = [];
    if (news.length === 0) {
      this.#saying = false;
      return;
    }
    byId('said').textContent = news.length <= 2 ? news.map((each) => each.sentence).join('. ') : `${news.length} changes of state`;
    setTimeout(() => this.#speak(), SAY_EVERY_MILLIS);
  }
}

function lineOf(event) {
  const line = element('li', `event s-${event.state}`);
  const time = element('time', '', clock(event.at));
  time.dateTime = event.at;
  const text = element('span', 'event-text');
  text.append(element('span', 'event-pool', event.pool), document.createTextNode(` ${event.sentence}`));
  line.append(element('span', 'mark'), time, text);
  return line;
}
