// What the server has told so far. The stream brings only what is news; this keeps the whole.

const KEPT_MILLIS = 15 * 60 * 1000;
const KEPT_EVENTS = 100;
const FIRST_RETRY_MILLIS = 1000;
const LONGEST_RETRY_MILLIS = 15000;
const SILENCE_MILLIS = 10000;

const COLUMNS = ['at', 'rate', 'failed', 'p50', 'p90', 'p99', 'inFlight'];

/**
 * Follows the stream for good, over losses of the connection.
 * @param onNews called with the whole and what was new in it, after each message
 * @param onLink called with 'live', 'waiting' or 'lost'
 */
export function follow(onNews, onLink) {
  let retry = FIRST_RETRY_MILLIS;
  let watchdog;

  function open() {
    const world = { setting: {}, pools: [], events: [], sample: -1 };
    const source = new EventSource('dashboard/stream');
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(again, SILENCE_MILLIS);
    };
    function again() {
      clearTimeout(watchdog);
      source.close();
      onLink('lost');
      setTimeout(open, retry);
      retry = Math.min(retry * 2, LONGEST_RETRY_MILLIS);
    }
    source.addEventListener('error', again);
    source.addEventListener('setting', (message) => {
      world.setting = JSON.parse(message.data);
      alive();
    });
    source.addEventListener('news', (message) => {
      retry = FIRST_RETRY_MILLIS;
      alive();
      onLink('live');
      onNews(world, take(world, JSON.parse(message.data)));
    });
  }

  onLink('waiting');
  open();
}

function take(world, news) {
  const first = world.sample < 0;
  const sampled = news.sample !== world.sample;
  world.now = Date.parse(news.at);
  world.sample = news.sample;
  const before = new Map(world.pools.map((pool) => [pool.name, pool]));
  world.pools = news.pools.map((told) => poolOf(before.get(told.name), told, world.now, sampled));
  world.events = [...news.happenings].reverse().concat(world.events).slice(0, KEPT_EVENTS);
  return { first, happenings: news.happenings };
}

function poolOf(known, told, now, sampled) {
  const rows = new Map(known ? known.rows.map((row) => [row.id, row]) : []);
  told.backends.forEach((row) => rows.set(row.id, row));
  const past = told.past ?? known.past;
  if (known && sampled) {
    append(past, { at: now, ...told.figures, inFlight: told.inFlight });
  }
  return { ...told, past, rows: told.ids.map((id) => rows.get(id)).filter(Boolean) };
}

function append(past, point) {
  COLUMNS.forEach((column) => past[column].push(point[column]));
  while (past.at.length > 0 && past.at[0] < point.at - KEPT_MILLIS) {
    COLUMNS.forEach((column) => past[column].shift());
  }
}
