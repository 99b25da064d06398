import { setTimeout as pause } from 'node:timers/promises'
import type { Bench, Figure } from './bench.ts'
import { type Echo, startEcho } from './echo.ts'
import { FLOORS } from './floor/floor.ts'
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
/** workerd closes an object ten seconds after its last call, and that takes time: each is to pay for its own objects, not for those of the last. */
const CLOSED_MS = 12_000

interface Sample {
  runId: string
  sentAt: number
  ackMs: number
}

/** Who takes orders, where, and how one is read afterwards. */
interface Taker {
  name: string
  client: HttpClient
  path: string
  record(id: string): string
}

/**
 * Runs of four steps started by webhook, beside the same steps by hand, the same with an object and a graph each and nothing else, and one
 * Durable Object write. A client sends its next order when the last was acknowledged and has reached the echo server, so `concurrency`
 * bounds what is under way. When a run ended is read afterwards from its record: asking meanwhile would cost.
 */
export const runsBench: Bench = {
  async run({ option, say }) {
    const session = await openSession(say)
    const echo = await startEcho()
    const client = openHttpClient(session.url, { authorization: `Bearer ${session.apiKey}`, 'content-type': 'application/json' }, 64)
    const open = (host: string) => openHttpClient(session.url, { host, 'content-type': 'application/json' }, 64)
    const [floor, byHand, bareGraph] = [open(FLOORS['one-write'].host), open(FLOORS['by-hand'].host), open(FLOORS['bare-graph'].host)]
    const takers: Taker[] = [
      { name: '', client, path: '/api/v1/webhooks/json-relay', record: (id) => `/api/v1/runs/${id}` },
      { name: 'floor by hand: ', client: byHand, path: '/', record: (id) => `/${id}` },
      { name: 'floor of a bare graph: ', client: bareGraph, path: '/', record: (id) => `/${id}` },
    ]
    try {
      for (const taker of takers) await relayRound(taker, echo, { concurrency: 10, runs: WARM_UP })
      await floorRound(floor, { concurrency: 10, runs: WARM_UP })
      await pause(CLOSED_MS)
      const figures: Figure[] = []
      for (const load of LOADS) {
        const rounds: Figure[][] = []
        for (let round = 1; round <= option('rounds', ROUNDS); round += 1) {
          const measured: Figure[] = []
          for (const taker of takers) {
            measured.push(...(await relayRound(taker, echo, load)))
            await pause(CLOSED_MS)
          }
          measured.push(...(await floorRound(floor, load)))
          await pause(CLOSED_MS)
          rounds.push(measured)
          say(`concurrency ${load.concurrency}, round ${round}: ${measured.map((each) => Math.round(each.value)).join(' ')}`)
        }
        figures.push(...medianOfRounds(rounds))
      }
      return { figures }
    } finally {
      client.close()
      for (const each of [floor, byHand, bareGraph]) each.close()
      echo.stop()
      await session.end()
    }
  },
}

type Load = (typeof LOADS)[number]
let orders = 0

async function relayRound(taker: Taker, echo: Echo, { concurrency, runs }: Load): Promise<Figure[]> {
  const samples: Sample[] = []
  const startedAt = Date.now()
  await inParallel(runs, concurrency, async () => {
    orders += 1
    const orderId = `ORDER-${orders}`
    const sentAt = Date.now()
    const before = performance.now()
    const arrived = echo.arrival(orderId)
    const body = JSON.stringify({ orderId, amount: 12.5, url: echo.url })
    const { runId } = await accepted(taker, body)
    samples.push({ runId, sentAt, ackMs: performance.now() - before })
    await arrived
  })
  const ended = await endTimes(taker, samples)
  const seconds = (Math.max(...ended) - startedAt) / 1000
  const acks = samples.map((sample) => sample.ackMs)
  const completions = samples.map((sample, index) => (ended[index] ?? Number.NaN) - sample.sentAt)
  const figure = (name: string, value: number, unit: string): Figure => ({
    figure: `${taker.name}${name} at ${concurrency}`,
    value,
    unit,
    n: runs,
  })
  return [
    figure('completed runs', runs / seconds, 'runs/s'),
    figure('acknowledged p50', percentile(acks, 0.5), 'ms'),
    figure('acknowledged p95', percentile(acks, 0.95), 'ms'),
    figure('completed p50', percentile(completions, 0.5), 'ms'),
    figure('completed p95', percentile(completions, 0.95), 'ms'),
  ]
}

async function accepted({ client, path }: Taker, body: string): Promise<{ runId: string }> {
  const run = parsed<{ id?: string; runId?: string }>(await client.send('POST', path, body))
  const runId = run.id ?? run.runId
  if (runId === undefined) throw new Error('the webhook gave no run id')
  return { runId }
}

/** When each run ended, by its own record. */
async function endTimes({ client, record }: Taker, samples: readonly Sample[]): Promise<number[]> {
  const ended: number[] = new Array(samples.length).fill(Number.NaN)
  await inParallel(samples.length, 4, async (index) => {
    for (let tries = 0; tries < 200; tries += 1) {
      const run = parsed<{ status: string; endedAt?: string }>(await client.send('GET', record(samples[index]?.runId ?? '')))
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
