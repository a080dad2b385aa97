// Requests at a fixed rate, evenly spread: as many clients of autocannon as there are requests a second, each with one
// connection and one request a second, begun one after another. Together they would ask in bursts, all at once.
// Usage: node steady.js AUTOCANNON URL RATE SECONDS; prints percentiles in milliseconds as JSON.
'use strict'

const [autocannon, url, rate, seconds] = [require(process.argv[2]), process.argv[3], +process.argv[4], +process.argv[5]]
const BETWEEN = 1000
const times = []
let answered = 0
let failed = 0

// Who waits for a late answer doesn't ask meanwhile; what would have been asked then would have waited, too.
function note (status, milliseconds) {
  status >= 200 && status < 300 ? answered++ : failed++
  for (let each = milliseconds; each > 0; each -= BETWEEN) times.push(each)
}

function client () {
  return new Promise((resolve) => {
    const running = autocannon({ url, connections: 1, connectionRate: 1, duration: seconds, timeout: 30 }, resolve)
    running.on('response', (_, status, bytes, milliseconds) => note(status, milliseconds))
    running.on('reqError', () => failed++)
  })
}

async function main () {
  const clients = []
  for (let i = 0; i < rate; i++) {
    clients.push(client())
    await new Promise((resolve) => setTimeout(resolve, BETWEEN / rate))
  }
  await Promise.all(clients)
  times.sort((a, b) => a - b)
  const at = (part) => +times[Math.min(times.length - 1, Math.floor(times.length * part))].toFixed(1)
  console.log(JSON.stringify({ answered, failed, p50: at(0.5), p99: at(0.99), p99_9: at(0.999) }))
}

main()
