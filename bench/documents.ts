import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, createClient } from '../scripts/client.ts'
import { root } from '../scripts/launch.ts'
import type { Bench, Figure } from './bench.ts'
import { inParallel } from './http-client.ts'
import { intake } from './intake.ts'
import { makeLargePdf } from './large-pdf.ts'
import { openSession } from './session.ts'
import { median, percentile } from './statistics.ts'

const ROUNDS = 3
const DOCUMENTS = 30
/** As many uploads at once as a small office makes on a busy morning. */
const CONCURRENCY = 8
const NAME = 'bench.pdf'

/** document-intake from upload to report, with the shipped invoice and with a PDF of 2 MB. */
export const documentsBench: Bench = {
  async run({ option, say }) {
    const session = await openSession(say)
    try {
      const client = createClient(session.url, session.apiKey)
      const invoice = readFileSync(join(root, 'examples/invoice-qualityhosting.pdf'))
      await intake(client, NAME, distinct(invoice, 'warm-up'))
      const perMinute: number[] = []
      const seconds: number[] = []
      for (let round = 1; round <= ROUNDS; round += 1) {
        const startedAt = performance.now()
        await inParallel(option('documents', DOCUMENTS), CONCURRENCY, async (index) => {
          seconds.push(await intake(client, NAME, distinct(invoice, `${round}-${index}`)))
        })
        perMinute.push((option('documents', DOCUMENTS) * 60_000) / (performance.now() - startedAt))
        say(`round ${round}: ${Math.round(perMinute.at(-1) ?? 0)} documents a minute`)
      }
      const large = await largeSeconds(client, say)
      const figures: Figure[] = [
        { figure: `invoices, ${CONCURRENCY} at once`, value: median(perMinute), unit: 'documents/min', n: seconds.length },
        { figure: `invoice p50, ${CONCURRENCY} at once`, value: percentile(seconds, 0.5), unit: 's', n: seconds.length },
        { figure: `invoice p95, ${CONCURRENCY} at once`, value: percentile(seconds, 0.95), unit: 's', n: seconds.length },
        { figure: 'PDF of 2 MB, alone', value: median(large), unit: 's', n: large.length },
      ]
      return { figures }
    } finally {
      await session.end()
    }
  },
}

async function largeSeconds(client: Client, say: (line: string) => void): Promise<number[]> {
  const samples: number[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    const pdf = await makeLargePdf(round)
    samples.push(await intake(client, NAME, pdf))
    say(`PDF of ${(pdf.length / 1e6).toFixed(2)} MB: ${samples.at(-1)?.toFixed(2)} s`)
  }
  return samples
}

/** A comment after the end changes the hash and nothing else. */
const distinct = (pdf: Buffer, mark: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.concat([pdf, Buffer.from(`\n%${mark}\n`)]))
