import type { Bench, Figure } from './bench.ts'
import { startEcho } from './echo.ts'
import { type HttpClient, inParallel, openHttpClient, parsed } from './http-client.ts'
import { openSession } from './session.ts'
import { medianOfRounds, percentile } from './statistics.ts'

const RUNS = 200
const CLIENTS = 50
const REQUESTS = 3000
const ROUNDS = 3

/** Reading runs with 50 clients that ask again as soon as they are answered. */
export const readsBench: Bench = {
  async run({ option, say }) {
    const session = await openSession(say)
    const echo = await startEcho()
    const client = openHttpClient(session.url, { authorization: `Bearer ${session.apiKey}`, 'content-type': 'application/json' }, CLIENTS)
    try {
      const ids: string[] = []
      await inParallel(RUNS, 10, async (index) => {
        const body = JSON.stringify({ orderId: `READ-${index}`, amount: 1, url: echo.url })
        ids.push(parsed<{ id: string }>(await client.send('POST', '/api/v1/webhooks/json-relay', body)).id)
      })
      const rounds: Figure[][] = []
      await round(client, 'warm-up', () => '/api/v1/runs', 500)
      for (let number = 1; number <= option('rounds', ROUNDS); number += 1) {
        const one = await round(client, 'GET /runs/{id}', (index) => `/api/v1/runs/${ids[index % ids.length] ?? ''}`, REQUESTS)
        const list = await round(client, 'GET /runs', () => '/api/v1/runs', REQUESTS)
        rounds.push([...one, ...list])
        say(`round ${number}: ${[...one, ...list].map((each) => Math.round(each.value)).join(' ')}`)
      }
      return { figures: medianOfRounds(rounds) }
    } finally {
      client.close()
      echo.stop()
      await session.end()
    }
  },
}

async function round(client: HttpClient, name: string, path: (index: number) => string, requests: number): Promise<Figure[]> {
  const samples: number[] = []
  const startedAt = performance.now()
  await inParallel(requests, CLIENTS, async (index) => {
    const before = performance.now()
    parsed(await client.send('GET', path(index)))
    samples.push(performance.now() - before)
  })
  const seconds = (performance.now() - startedAt) / 1000
  return [
    { figure: `${name} p50`, value: percentile(samples, 0.5), unit: 'ms', n: requests },
    { figure: `${name} p95`, value: percentile(samples, 0.95), unit: 'ms', n: requests },
    { figure: `${name} rate`, value: requests / seconds, unit: 'requests/s', n: requests },
  ]
}
