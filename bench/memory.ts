import { createClient } from '../scripts/client.ts'
import { freePort } from '../scripts/launch.ts'
import type { Bench } from './bench.ts'
import { inParallel } from './http-client.ts'
import { intake } from './intake.ts'
import { type IsolateWatch, watchIsolate } from './isolate-watch.ts'
import { judgeMemory } from './memory-verdict.ts'
import { workerMegabytes } from './process-memory.ts'
import { openSession } from './session.ts'

const FIRST_DOCUMENTS = 50
const DOCUMENTS = 500
const CONCURRENCY = 8
/**
 * Every collection of garbage is a full one. Left to itself, V8 lets a few hundred megabytes of it lie about, in the simulators of D1 and
 * R2 above all, before it looks at old objects: growth for thousands of requests that is none.
 */
const FULL_COLLECTIONS = '--gc-global --expose-gc'
/** Where all JavaScript of a run is; the simulators' isolates are a few megabytes each. */
const SCRIPTS = ['steward', 'steward-agents']
/** Idle objects are put away after ten seconds; what they held is then free for the next. */
const SETTLE_MS = 15_000
const SETTLES = 5

/** Resident memory of the Worker process after the first documents and after many more, and beside it what its isolates hold on to. */
export const memoryBench: Bench = {
  async run({ option, say }) {
    const inspectorPort = await freePort()
    const session = await openSession(say, { v8Flags: FULL_COLLECTIONS, inspectorPort })
    try {
      const watches = await Promise.all(SCRIPTS.map((script) => watchIsolate(inspectorPort, script)))
      const client = createClient(session.url, session.apiKey)
      const total = option('documents', DOCUMENTS)
      const sizes: number[] = []
      const held: number[] = []
      const steps = [FIRST_DOCUMENTS, ...Array.from({ length: SETTLES - 1 }, (_, index) => stepOf(total, index + 1))]
      let done = 0
      for (const until of steps) {
        await inParallel(until - done, CONCURRENCY, async (index) => {
          await intake(client, 'order.txt', orderText(done + index))
        })
        done = until
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
        sizes.push(await workerMegabytes(session.group()))
        held.push(await heldAfterCollection(watches))
        say(`${done} documents: ${Math.round(sizes.at(-1) ?? 0)} MB, of which held ${Math.round(held.at(-1) ?? 0)} MB`)
      }
      await Promise.all(watches.map((watch) => watch.stop()))
      return judgeMemory(steps, sizes, held)
    } finally {
      await session.end()
    }
  },
}

/** Megabytes of objects that are still in use, garbage left out. */
async function heldAfterCollection(watches: readonly IsolateWatch[]): Promise<number> {
  let sum = 0
  for (const watch of watches) {
    await watch.collectGarbage()
    sum += (await watch.held()).heap
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
