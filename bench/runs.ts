import type { Bench, Figure } from './bench.ts'
import { type Echo, startEcho } from './echo.ts'
import { FLOOR_HOST } from './floor/floor.ts'
import { type HttpClient, inParallel, openHttpClient, parsed } from './http-client.ts'
import { openSession } from './session.ts'
import { medianOfRounds, percentile } from './statistics.ts'

const LOADS = [
  { concurrency: 1, runs: 200 },
  { concurrency: 10, runs: 600 },
  { concurrency: 50, runs: 1000 },
]
const ROUNDS = 3
const WARM_UP = 200

interface Sample {
  runId: string
  sentAt: number
  ackMs: number
}

/**
 * Runs of four steps started by webhook. A client sends its next order when the last was acknowledged and has reached the echo server,
 * so `concurrency` bounds what is under way. When a run ended is read afterwards from its record: asking meanwhile would cost.
 */
export const runsBench: Bench = {
  async run({ option, say }) {
    const session = await openSession(say)
    const echo = await startEcho()
    const client = openHttpClient(session.url, { authorization: `Bearer ${session.apiKey}`, 'content-type': 'application/json' }, 64)
    const floor = openHttpClient(session.url, { host: FLOOR_HOST, 'content-type': 'application/json' }, 64)
    try {
      await relayRound(client, echo, { concurrency: 10, runs: WARM_UP })
      await floorRound(floor, { concurrency: 10, runs: WARM_UP })
      const figures: Figure[] = []
      for (const load of LOADS) {
        const rounds: Figure[][] = []
        for (let round = 1; round <= option('rounds', ROUNDS); round += 1) {
          const relay = await relayRound(client, echo, load)
          const bare = await floorRound(floor, load)
          rounds.push([...relay, ...bare])
          say(`concurrency ${load.concurrency}, round ${round}: ${[...relay, ...bare].map((each) => Math.round(each.value)).join(' ')}`)
        }
        figures.push(...medianOfRounds(rounds))
      }
      return { figures }
    } finally {
      client.close()
      floor.close()
      echo.stop()
      await session.end()
    }
  },
}

type Load = (typeof LOADS)[number]
let orders = 0

async function relayRound(client: HttpClient, echo: Echo, { concurrency, runs }: Load): Promise<Figure[]> {
  const samples: Sample[] = []
  const startedAt = Date.now()
  await inParallel(runs, concurrency, async () => {
    orders += 1
    const orderId = `ORDER-${orders}`
    const sentAt = Date.now()
    const before = performance.now()
    const arrived = echo.arrival(orderId)
    const body = JSON.stringify({ orderId, amount: 12.5, url: echo.url })
    const { runId } = await accepted(client, body)
    samples.push({ runId, sentAt, ackMs: performance.now() - before })
    await arrived
  })
  const ended = await endTimes(client, samples)
  const seconds = (Math.max(...ended) - startedAt) / 1000
  const acks = samples.map((sample) => sample.ackMs)
  const completions = samples.map((sample, index) => (ended[index] ?? Number.NaN) - sample.sentAt)
  const figure = (name: string, value: number, unit: string): Figure => ({ figure: `${name} at ${concurrency}`, value, unit, n: runs })
  return [
    figure('completed runs', runs / seconds, 'runs/s'),
    figure('acknowledged p50', percentile(acks, 0.5), 'ms'),
    figure('acknowledged p95', percentile(acks, 0.95), 'ms'),
    figure('completed p50', percentile(completions, 0.5), 'ms'),
    figure('completed p95', percentile(completions, 0.95), 'ms'),
  ]
}

async function accepted(client: HttpClient, body: string): Promise<{ runId: string }> {
  const run = parsed<{ id?: string; runId?: string }>(await client.send('POST', '/api/v1/webhooks/json-relay', body))
  const runId = run.id ?? run.runId
  if (runId === undefined) throw new Error('the webhook gave no run id')
  return { runId }
}

/** When each run ended, by its own record. */
async function endTimes(client: HttpClient, samples: readonly Sample[]): Promise<number[]> {
  const ended: number[] = new Array(samples.length).fill(Number.NaN)
  await inParallel(samples.length, 4, async (index) => {
    for (let tries = 0; tries < 200; tries += 1) {
      const run = parsed<{ status: string; endedAt?: string }>(await client.send('GET', `/api/v1/runs/${samples[index]?.runId ?? ''}`))
      if (run.status === 'completed' && run.endedAt !== undefined) {
        ended[index] = Date.parse(run.endedAt)
        return
      }
      if (run.status === 'failed') throw new Error(`run ${samples[index]?.runId ?? ''} failed`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`run ${samples[index]?.runId ?? ''} did not end`)
  })
  return ended
}

async function floorRound(client: HttpClient, { concurrency, runs }: Load): Promise<Figure[]> {
  const startedAt = performance.now()
  await inParallel(runs, concurrency, async (index) => {
    parsed(await client.send('POST', '/', JSON.stringify({ orderId: `FLOOR-${index}`, amount: 12.5 })))
  })
  const seconds = (performance.now() - startedAt) / 1000
  return [{ figure: `floor: new object, one write, at ${concurrency}`, value: runs / seconds, unit: 'requests/s', n: runs }]
}
