import { createClient } from '../scripts/client.ts'
import { freePort } from '../scripts/launch.ts'
import type { Bench } from './bench.ts'
import { inParallel } from './http-client.ts'
import { intake } from './intake.ts'
import { type Isolate, isolateOf, openIsolates } from './isolate-watch.ts'
import { judgeMemory, judgeServed } from './memory-verdict.ts'
import { workerMegabytes } from './process-memory.ts'
import { openSession, type Session } from './session.ts'

const FIRST_DOCUMENTS = 50
const DOCUMENTS = 500
const CONCURRENCY = 8
/** Documents. So garbage never piles up, and what the process has at the end is no trace of a moment with much of it. */
const COLLECT_EVERY = 25
/** Lets the bench ask for collections; the process is served as always beside this. */
const COLLECTABLE = '--expose-gc'
/** Where all JavaScript of a run is; the simulators' isolates are a few megabytes each. */
const SCRIPTS = ['steward', 'steward-agents']
/** Idle objects are put away after ten seconds; what they held is then free for the next. */
const SETTLE_MS = 15_000
const SETTLES = 5

/**
 * Resident memory of the Worker process after the first documents and after many more: first as it is served, then in another process
 * without garbage, with what its isolates hold on to beside it. A simulator makes so little garbage in its own heap that V8 looks there
 * seldom, but each object of it keeps native memory of a request: only without it can be seen what stays.
 */
export const memoryBench: Bench = {
  async run({ option, say }) {
    const total = option('documents', DOCUMENTS)
    const steps = [FIRST_DOCUMENTS, ...Array.from({ length: SETTLES - 1 }, (_, index) => stepOf(total, index + 1))]
    const [served, collected] = [await measureServed(steps, say), await measureCollected(steps, say)]
    return { figures: [...served.figures, ...collected.figures], broken: [...served.broken, ...collected.broken] }
  },
}

async function measureServed(steps: readonly number[], say: (line: string) => void) {
  const session = await openSession(say)
  try {
    const sizes: number[] = []
    await throughSteps(session, steps, {
      measure: async (done) => {
        sizes.push(await workerMegabytes(session.group()))
        say(`as served, ${done} documents: ${Math.round(sizes.at(-1) ?? 0)} MB`)
      },
    })
    return judgeServed(steps, sizes)
  } finally {
    await session.end()
  }
}

async function measureCollected(steps: readonly number[], say: (line: string) => void) {
  const inspectorPort = await freePort()
  const session = await openSession(say, { v8Flags: COLLECTABLE, inspectorPort })
  try {
    const isolates = await openIsolates(inspectorPort)
    const sizes: number[] = []
    const held: number[] = []
    await throughSteps(session, steps, {
      afterSome: () => collectEverywhere(isolates),
      measure: async (done) => {
        await collectEverywhere(isolates)
        sizes.push(await workerMegabytes(session.group()))
        held.push(await heldByScripts(isolates))
        say(`collected, ${done} documents: ${Math.round(sizes.at(-1) ?? 0)} MB, of which held ${Math.round(held.at(-1) ?? 0)} MB`)
      },
    })
    for (const isolate of isolates.values()) isolate.close()
    return judgeMemory(steps, sizes, held)
  } finally {
    await session.end()
  }
}

interface Measuring {
  afterSome?(): Promise<void>
  /** When so many documents have gone through and their objects are put away. */
  measure(done: number): Promise<void>
}

async function throughSteps({ url, apiKey }: Session, steps: readonly number[], { afterSome, measure }: Measuring): Promise<void> {
  const client = createClient(url, apiKey)
  let done = 0
  for (const until of steps) {
    while (done < until) {
      const count = Math.min(COLLECT_EVERY, until - done)
      await inParallel(count, CONCURRENCY, async (index) => {
        await intake(client, 'order.txt', orderText(done + index))
      })
      done += count
      await afterSome?.()
    }
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
    await measure(done)
  }
}

async function collectEverywhere(isolates: ReadonlyMap<string, Isolate>): Promise<void> {
  for (const isolate of isolates.values()) await isolate.collectGarbage()
}

/** Megabytes of objects in the heaps where all JavaScript of a run is. */
async function heldByScripts(isolates: ReadonlyMap<string, Isolate>): Promise<number> {
  let sum = 0
  for (const script of SCRIPTS) {
    const isolate = isolates.get(isolateOf(script))
    if (isolate === undefined) throw new Error(`There is no isolate of ${script} among ${[...isolates.keys()].join(', ')}.`)
    sum += (await isolate.held()).heap
  }
  return sum
}

/** Evenly from the first documents to the last. */
const stepOf = (total: number, step: number): number => FIRST_DOCUMENTS + Math.round(((total - FIRST_DOCUMENTS) * step) / (SETTLES - 1))

const GOODS = ['solar panels', 'inverters', 'roof hooks', 'cables', 'batteries', 'meters', 'breakers']

/** A short order; no two are alike. */
const orderText = (number: number): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(
    `Order ${number}\n\nPlease deliver ${(number % 40) + 1} ${GOODS[number % GOODS.length]} to the site in Hamburg by 2026-03-${String((number % 28) + 1).padStart(2, '0')}.\n` +
      `Payment within 30 days of the invoice. Our reference is R-${number}. Call the site manager one day ahead.\n`,
  )
