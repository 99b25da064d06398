import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { buildModelAssets } from '../scripts/build-model-assets.ts'
import { type BuiltScript, builtScripts, bundleScript } from '../scripts/bundle.ts'
import { workerOf } from '../scripts/serve.ts'
import type { Bench, BenchContext, Figure } from './bench.ts'
import { makeExamples, makeQuestions } from './classify/corpus.ts'
import { workerPeak } from './classify/worker-peak.ts'

const EXAMPLES = 10_000
const LABELS = 77
const TEXTS = 64
const ROUNDS = 20
/** The product's promise, beside the encoder, which takes its time in a script of its own. */
const LARGEST_MS_A_TEXT = 5
/** A Worker's CPU time, and what an isolate may hold. */
const LARGEST_TRAINING_S = 300
const LARGEST_MODEL_MB = 10

/** Training from 10,000 examples of 77 labels inside workerd, and how long a trained classifier takes for a text. */
export const classifyBench: Bench = {
  async run(context) {
    const folder = mkdtempSync(join(tmpdir(), 'steward-classify-bench-'))
    const { miniflare, call } = await serve(folder)
    try {
      const words = await measure(context, call, 'words alone', '?words')
      const encoded = await measure(context, call, 'with the encoder', '')
      const figures = [...words, ...encoded]
      return { figures, broken: brokenPromises(figures) }
    } finally {
      await miniflare.dispose()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

type Call = (path: string, body: unknown) => Promise<{ ms: number; text: string }>

async function measure({ option, say }: BenchContext, call: Call, way: string, query: string): Promise<Figure[]> {
  const examples = makeExamples(option('examples', EXAMPLES), option('labels', LABELS))
  const peak = workerPeak()
  const trained = await call(`/train${query}`, examples)
  const { cpuSeconds, residentMegabytes } = await peak()
  const { bytes, accuracy } = JSON.parse(trained.text) as { bytes: number; accuracy: number }
  say(`${way}: trained in ${(trained.ms / 1_000).toFixed(1)} s, cross-validated accuracy ${accuracy}`)
  const texts = makeQuestions(TEXTS)
  await call('/name', texts)
  const load = await call('/load', null)
  const whole = await call('/name', texts)
  const once = await call('/name-encoded?rounds=1', texts)
  const often = await call(`/name-encoded?rounds=${ROUNDS + 1}`, texts)
  const figure = (name: string, value: number, unit: string, n: number): Figure => ({ figure: `${name}, ${way}`, value, unit, n })
  return [
    figure('training, CPU', cpuSeconds, 's', examples.length),
    figure('training, resident memory added at most', residentMegabytes, 'MB', 1),
    figure('model', bytes / 1e6, 'MB', 1),
    figure('loading the model', load.ms, 'ms', 1),
    figure('a text, encoding included', whole.ms / TEXTS, 'ms', TEXTS),
    figure('a text, already encoded', Math.max(0, often.ms - once.ms) / (TEXTS * ROUNDS), 'ms', TEXTS * ROUNDS),
  ]
}

function brokenPromises(figures: readonly Figure[]): string[] {
  const limits = [
    ['a text, already encoded', LARGEST_MS_A_TEXT],
    ['a text, encoding included, words alone', LARGEST_MS_A_TEXT],
    ['training, CPU', LARGEST_TRAINING_S],
    ['model', LARGEST_MODEL_MB],
  ] as const
  return figures.flatMap(({ figure, value, unit }) => {
    const limit = limits.find(([name]) => `${figure},`.startsWith(`${name},`))?.[1]
    return limit === undefined || value <= limit ? [] : [`${figure} is ${value.toFixed(1)} ${unit}, more than ${limit}`]
  })
}

async function serve(folder: string): Promise<{ miniflare: Miniflare; call: Call }> {
  await buildModelAssets()
  const into = join(folder, 'script')
  const bench: BuiltScript = {
    ...{ name: 'steward-classify-bench', config: 'bench/classify/wrangler.toml', hasEnvironment: false },
    ...{ folder: into, entry: join(into, 'worker.js') },
  }
  const models = builtScripts(folder).filter(({ name }) => name === 'steward-models')
  const scripts = await Promise.all([bench, ...models].map((script) => bundleScript(script)))
  const miniflare = new Miniflare(convertV4MiniflareOptions({ logRequests: false, workers: scripts.map((script) => workerOf(script, {})) }))
  const url = await miniflare.ready
  return {
    miniflare,
    async call(path, body) {
      const startedAt = performance.now()
      const answer = await miniflare.dispatchFetch(new URL(path, url), { method: 'POST', body: JSON.stringify(body) })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${path} failed: ${text.slice(0, 300)}`)
      return { ms: performance.now() - startedAt, text }
    },
  }
}
