import { createDemoTenant } from '../scripts/client.ts'
import { localSecrets } from '../scripts/launch.ts'
import type { Bench, Figure } from './bench.ts'
import { type Echo, startEcho } from './echo.ts'
import { type HttpClient, inParallel, openHttpClient, parsed } from './http-client.ts'
import { openSession } from './session.ts'
import { median, percentile } from './statistics.ts'

const FLOOD = 5_000
const FLOOD_CLIENTS = 50
const ROUNDS = 3
/** Runs of the quiet tenant, one after the other, as a person starts them. */
const SAMPLES_ALONE = 100
const PAUSE_MS = 50
const PROMISED_RATIO = 2

/**
 * What a tenant feels of another's flood: p95 of its interactive runs, from the request to the end of the run, alone and while the
 * other submits thousands.
 */
export const fairnessBench: Bench = {
  async run({ option, say }) {
    const session = await openSession(say)
    const echo = await startEcho()
    const { STEWARD_ADMIN_TOKEN: adminToken } = localSecrets()
    const quiet = await createDemoTenant({ url: session.url, adminToken }, { slug: 'quiet', name: 'Quiet' })
    const open = (apiKey: string, connections: number) =>
      openHttpClient(session.url, { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }, connections)
    const [flooding, resting] = [open(session.apiKey, FLOOD_CLIENTS), open(quiet.apiKey, 4)]
    const flood = option('flood', FLOOD)
    try {
      await inParallel(200, 10, async (index) => void (await submit(flooding, echo, `WARM-${index}`)))
      await sample(resting, echo, () => false, 20)
      const rounds: { alone: number; among: number; accepted: number; n: number }[] = []
      for (let round = 1; round <= option('rounds', ROUNDS); round += 1) {
        const alone = await sample(resting, echo, () => false, SAMPLES_ALONE)
        const busy = startFlood(flooding, echo, flood, `R${round}`)
        const among = await sample(resting, echo, () => busy.isOver(), Number.POSITIVE_INFINITY)
        const seconds = await busy.done
        const result = { alone: percentile(alone, 0.95), among: percentile(among, 0.95), accepted: flood / seconds, n: among.length }
        rounds.push(result)
        const medians = `median ${median(alone).toFixed(1)} → ${median(among).toFixed(1)} ms`
        say(
          `round ${round}: p95 ${result.alone.toFixed(1)} → ${result.among.toFixed(1)} ms (${among.length} runs), ${medians}, flood ${Math.round(result.accepted)}/s`,
        )
        await untilDrained(flooding)
      }
      return verdict(rounds, flood)
    } finally {
      flooding.close()
      resting.close()
      echo.stop()
      await session.end()
    }
  },
}

function verdict(
  rounds: { alone: number; among: number; accepted: number; n: number }[],
  flood: number,
): { figures: Figure[]; broken: string[] } {
  const of = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick))
  const ratio = of(({ alone, among }) => among / alone)
  const n = rounds.reduce((sum, round) => sum + round.n, 0)
  return {
    figures: [
      { figure: 'quiet tenant alone, p95', value: of(({ alone }) => alone), unit: 'ms', n: SAMPLES_ALONE * rounds.length },
      { figure: `quiet tenant among ${flood} of another, p95`, value: of(({ among }) => among), unit: 'ms', n },
      { figure: 'among to alone', value: ratio, unit: 'times', n: rounds.length },
      { figure: 'flood accepted', value: of(({ accepted }) => accepted), unit: 'runs/s', n: flood * rounds.length },
    ],
    broken:
      ratio <= PROMISED_RATIO ? [] : [`a flood slows another tenant's runs ${ratio.toFixed(1)} times; ${PROMISED_RATIO} were promised`],
  }
}

function startFlood(client: HttpClient, echo: Echo, runs: number, name: string): { isOver(): boolean; done: Promise<number> } {
  let isOver = false
  const startedAt = performance.now()
  const done = inParallel(runs, FLOOD_CLIENTS, async (index) => {
    parsed(await client.send('POST', '/api/v1/webhooks/json-relay', orderOf(echo, `FLOOD-${name}-${index}`)))
  }).then(() => {
    isOver = true
    return (performance.now() - startedAt) / 1_000
  })
  return { isOver: () => isOver, done }
}

/** Runs one after the other until it is over; gives the time of each from the request to its end. */
async function sample(client: HttpClient, echo: Echo, isOver: () => boolean, most: number): Promise<number[]> {
  const sent: { runId: string; sentAt: number }[] = []
  while (sent.length < most && !isOver()) {
    const sentAt = Date.now()
    sent.push({ runId: await submit(client, echo, `QUIET-${sentAt}`), sentAt })
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  const times: number[] = []
  for (const { runId, sentAt } of sent) times.push((await endOf(client, runId)) - sentAt)
  return times
}

const orderOf = (echo: Echo, orderId: string) => JSON.stringify({ orderId, amount: 12.5, url: echo.url })

/** Starts a run and waits until the other side has heard of it. */
async function submit(client: HttpClient, echo: Echo, orderId: string): Promise<string> {
  const arrived = echo.arrival(orderId)
  const run = parsed<{ id: string }>(await client.send('POST', '/api/v1/webhooks/json-relay', orderOf(echo, orderId)))
  await arrived
  return run.id
}

async function endOf(client: HttpClient, runId: string): Promise<number> {
  for (let tries = 0; tries < 400; tries += 1) {
    const run = parsed<{ status: string; endedAt?: string }>(await client.send('GET', `/api/v1/runs/${runId}`))
    if (run.status === 'completed' && run.endedAt !== undefined) return Date.parse(run.endedAt)
    if (run.status === 'failed') throw new Error(`run ${runId} failed`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`run ${runId} did not end`)
}

/** Until nothing of the flood is at work or waits. */
async function untilDrained(client: HttpClient): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    const { runs } = parsed<{ runs: { active: number; pending: number } }>(await client.send('GET', '/api/v1/budgets'))
    if (runs.active === 0 && runs.pending === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the flood did not drain')
}
