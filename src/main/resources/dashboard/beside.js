// What a pool has beside its backends: a canary, a mirror, places where its backends are looked for. A line each.

import { ago, byId, clock, element, number } from './format.js';

/** Shows them, or nothing if there are none. */
export function drawBeside({ canary, mirror, discovery }, now) {
  const lines = [];
  if (canary) {
    lines.push(...linesOfCanary(canary));
  }
  if (mirror) {
    lines.push(['up', `Mirror: ${mirror.pool} gets copies of ${number(mirror.percent)} % of the requests, ${mirror.inFlight} of at most ${mirror.maxInFlight} on their way.`]);
  }
  discovery.forEach((search) => lines.push(lineOfSearch(search, now)));
  const panel = byId('beside');
  const wanted = JSON.stringify(lines);
  panel.hidden = lines.length === 0;
  if (panel.dataset.of !== wanted) {
    panel.dataset.of = wanted;
    byId('beside-lines').replaceChildren(...lines.map(([state, text]) => line(state, text)));
  }
}

function linesOfCanary({ pool, percent, inCanary, inPool, steppedBack }) {
  const counted = `${told(inCanary)} there and ${told(inPool)} here failed`;
  if (!steppedBack) {
    return [[percent > 0 ? 'up' : 'draining', `Canary: ${pool} gets ${number(percent)} % of the clients; ${counted}.`]];
  }
  const at = clock(steppedBack.at);
  return [['ejected', `Canary: ${pool} has stepped back from ${number(steppedBack.percent)} % at ${at}: ${steppedBack.cause}.`]];
}

function told({ errors, requests }) {
  return `${number(errors)} of ${number(requests)}`;
}

function lineOfSearch({ place, backends, foundAt, problem }, now) {
  const found = foundAt ? `${number(backends)} found ${ago(foundAt, now)} ago` : 'nothing found yet';
  return problem ? ['down', `Discovery: ${place}: ${problem}; ${found}.`] : ['up', `Discovery: ${place}: ${found}.`];
}

function line(state, text) {
  const item = element('li', `s-${state}`);
  item.append(element('span', 'mark'), element('span', '', text));
  return item;
}
