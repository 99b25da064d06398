import { createClient } from '../scripts/client.ts'
import type { Bench } from './bench.ts'
import { inParallel } from './http-client.ts'
import { intake } from './intake.ts'
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
const FULL_COLLECTIONS = '--gc-global'
/** Idle objects are put away after ten seconds; what they held is then free for the next. */
const SETTLE_MS = 15_000
const SETTLES = 5

/** Resident memory of the Worker process after the first documents and after many more. */
export const memoryBench: Bench = {
  async run({ option, say }) {
    const session = await openSession(say, { v8Flags: FULL_COLLECTIONS })
    try {
      const client = createClient(session.url, session.apiKey)
      const total = option('documents', DOCUMENTS)
      const sizes: number[] = []
      const steps = [FIRST_DOCUMENTS, ...Array.from({ length: SETTLES - 1 }, (_, index) => stepOf(total, index + 1))]
      let done = 0
      for (const until of steps) {
        await inParallel(until - done, CONCURRENCY, async (index) => {
          await intake(client, 'order.txt', orderText(done + index))
        })
        done = until
        await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
        sizes.push(await workerMegabytes(session.group()))
        say(`${done} documents: ${Math.round(sizes.at(-1) ?? 0)} MB`)
      }
      return judgeMemory(steps, sizes)
    } finally {
      await session.end()
    }
  },
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
