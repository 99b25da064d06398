import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { bundleScript } from '../scripts/bundle.ts'
import { workerOf } from '../scripts/serve.ts'
import type { Bench, BenchContext, Figure } from './bench.ts'
import { indexingFigures } from './search/indexing.ts'
import { percentile } from './statistics.ts'

const CHUNKS = 100_000
const PASSAGES_PER_DOCUMENT = 500
const QUESTIONS = 200
const SCANS = 40
const WARM_UP = 10
/** The product's promises. */
const LARGEST_P95_MS = 100
const LARGEST_RATIO = 3
const LARGEST_INDEXING_S = 60

/** Hybrid search inside one object beside a bare scan of the same bytes, and a PDF of 200 pages from upload to searchable. */
export const searchBench: Bench = {
  async run(context) {
    const search = await searchFigures(context)
    const indexing = context.option('pages', 200) > 0 ? await indexingFigures(context) : []
    const figures = [...search, ...indexing]
    return { figures, broken: brokenPromises(figures) }
  },
}

async function searchFigures({ option, say }: BenchContext): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'steward-search-bench-'))
  const { miniflare, call } = await serve(folder)
  try {
    const documents = Math.ceil(option('chunks', CHUNKS) / PASSAGES_PER_DOCUMENT)
    for (let document = 0; document < documents; document += 1) {
      await call('/fill', document)
      if (document % 20 === 19) say(`${(document + 1) * PASSAGES_PER_DOCUMENT} passages`)
    }
    const sample = async (path: string, count: number): Promise<number[]> => {
      const samples: number[] = []
      for (let n = -WARM_UP; n < count; n += 1) {
        const ms = await call(path, Math.abs(n))
        if (n >= 0) samples.push(ms)
      }
      return samples
    }
    const nothing = await sample('/nothing', SCANS)
    const scans = await sample('/scan', SCANS)
    const asked = await sample('/ask', option('questions', QUESTIONS))
    return toFigures(nothing, scans, asked, documents * PASSAGES_PER_DOCUMENT)
  } finally {
    await miniflare.dispose()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The bench's script on its own; `call` gives the milliseconds of one request to it. */
async function serve(folder: string): Promise<{ miniflare: Miniflare; call(path: string, n: number): Promise<number> }> {
  const into = join(folder, 'script')
  const name = 'steward-search-bench'
  const script = { name, config: 'bench/search/wrangler.toml', folder: into, entry: join(into, 'worker.js'), hasEnvironment: false }
  await bundleScript(script)
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({ logRequests: false, resourcePersistencePath: join(folder, 'state'), workers: [workerOf(script, {})] }),
  )
  const url = await miniflare.ready
  return {
    miniflare,
    async call(path, n) {
      const startedAt = performance.now()
      const answer = await miniflare.dispatchFetch(new URL(`${path}?n=${n}`, url))
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${path} failed: ${text.slice(0, 300)}`)
      return performance.now() - startedAt
    },
  }
}

function toFigures(nothing: number[], scans: number[], asked: number[], chunks: number): Figure[] {
  const way = percentile(nothing, 0.5)
  const scan = percentile(scans, 0.5) - way
  const figure = (name: string, value: number, unit: string, n: number): Figure => ({ figure: name, value, unit, n })
  return [
    figure('passages', chunks, 'passages', 1),
    figure('empty call p50', way, 'ms', nothing.length),
    figure('bare scan p50', scan, 'ms', scans.length),
    figure('bare scan p95', percentile(scans, 0.95) - way, 'ms', scans.length),
    figure('hybrid search p50', percentile(asked, 0.5) - way, 'ms', asked.length),
    figure('hybrid search p95', percentile(asked, 0.95) - way, 'ms', asked.length),
    figure('hybrid search p50 / bare scan p50', (percentile(asked, 0.5) - way) / scan, '×', asked.length),
  ]
}

function brokenPromises(figures: Figure[]): string[] {
  // In a small collection the scan is next to nothing, and so is what it could be compared with.
  const isFull = figures.some(({ figure, value }) => figure === 'passages' && value >= CHUNKS)
  const limits: Record<string, number> = {
    'hybrid search p95': LARGEST_P95_MS,
    ...(isFull && { 'hybrid search p50 / bare scan p50': LARGEST_RATIO }),
    'PDF of 200 pages, upload to searchable': LARGEST_INDEXING_S,
  }
  return figures.flatMap(({ figure, value, unit }) => {
    const limit = limits[figure]
    return limit === undefined || value <= limit ? [] : [`${figure} is ${value.toFixed(1)} ${unit}, more than ${limit}`]
  })
}
