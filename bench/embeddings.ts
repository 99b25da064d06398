import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { builtScripts, bundleScript } from '../scripts/bundle.ts'
import { root } from '../scripts/launch.ts'
import { workerOf } from '../scripts/serve.ts'
import type { Bench, Figure } from './bench.ts'
import { medianOfRounds } from './statistics.ts'

/** Sentences of real business mail. */
const SENTENCES = 'evals/data/email_intent_parakweet/dev/sentences.jsonl'
/** As the product sends them when it indexes. */
const TEXTS_PER_CALL = 64
const ROUNDS = 3
const SMALLEST_RATE = 60

/** Asks the models' script by RPC, as the product does, and answers with how many numbers came. */
const ASKER = `export default {
  async fetch(request, env) {
    const embedded = await env.MODELS.embed(await request.json())
    return embedded.ok ? Response.json(embedded.value.length) : Response.json(embedded.error, { status: 500 })
  },
}`

/** Sentences that the embedded encoder turns into vectors in a second, inside workerd, asked by another script. */
export const embeddingsBench: Bench = {
  async run({ option, say }) {
    const folder = mkdtempSync(join(tmpdir(), 'steward-embeddings-bench-'))
    const miniflare = await serve(folder)
    try {
      const sentences = readSentences()
      const words = sentences.reduce((sum, sentence) => sum + sentence.split(/\s+/).length, 0) / sentences.length
      await embed(miniflare, sentences.slice(0, TEXTS_PER_CALL))
      const rounds: Figure[][] = []
      for (let round = 1; round <= option('rounds', ROUNDS); round += 1) {
        const startedAt = performance.now()
        for (let at = 0; at < sentences.length; at += TEXTS_PER_CALL) await embed(miniflare, sentences.slice(at, at + TEXTS_PER_CALL))
        const value = sentences.length / ((performance.now() - startedAt) / 1000)
        rounds.push([{ figure: 'sentences embedded', value, unit: 'sentences/s', n: sentences.length }])
        say(`round ${round}: ${value.toFixed(0)} sentences/s`)
      }
      const figures = medianOfRounds(rounds)
      const broken = figures
        .filter(({ value }) => value < SMALLEST_RATE)
        .map(({ figure, value, unit }) => `${figure}: ${value.toFixed(1)} ${unit}, fewer than ${SMALLEST_RATE}`)
      return { figures: [...figures, { figure: 'words a sentence', value: words, unit: 'words', n: sentences.length }], broken }
    } finally {
      await miniflare.dispose()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function serve(folder: string): Promise<Miniflare> {
  const script = builtScripts(folder).find(({ name }) => name === 'steward-models')
  if (script === undefined) throw new Error('There is no script steward-models to bundle.')
  await bundleScript(script)
  const asker = {
    name: 'asker',
    compatibilityDate: '2026-11-01',
    modules: [{ type: 'ESModule' as const, path: 'asker.js', contents: ASKER }],
    serviceBindings: { MODELS: script.name },
  }
  const miniflare = new Miniflare(convertV4MiniflareOptions({ logRequests: false, workers: [asker, workerOf(script, {})] }))
  await miniflare.ready
  return miniflare
}

async function embed(miniflare: Miniflare, texts: string[]): Promise<void> {
  const answer = await miniflare.dispatchFetch('http://asker/', { method: 'POST', body: JSON.stringify(texts) })
  if (!answer.ok) throw new Error(`embedding failed: ${(await answer.text()).slice(0, 300)}`)
  await answer.arrayBuffer()
}

const readSentences = (): string[] =>
  readFileSync(join(root, SENTENCES), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { text: string }).text)
