import type { Figure } from './bench.ts'
import { type Held, totalOf } from './isolate-watch.ts'

/** The promises: an isolate of Cloudflare has 128 MB for everything. */
const LARGEST_MB = 128
const LARGEST_SECONDS = 60
/** Fewer would say nothing about the minute between them. */
const FEWEST_COLLECTIONS = 3

/** The most that one script's isolate held, as V8's trace and as the inspector saw it. */
export interface IsolatePeak {
  script: string
  traced: Held
  sampled: Held
  collections: number
  samples: number
}

/** Figures of a PDF of `pages` pages, or of a table of `rows` rows, which may take its time, and which promises they break. */
export function judgeIndexing(
  { pages, rows = 0 }: { pages: number; rows?: number },
  seconds: number,
  peaks: readonly IsolatePeak[],
): { figures: Figure[]; broken: string[] } {
  const figure = (name: string, value: number, unit: string, n: number): Figure => ({ figure: name, value, unit, n })
  const figures = peaks.flatMap(({ script, traced, sampled, collections, samples }) => [
    figure(`${script}: most at once`, Math.max(totalOf(traced), totalOf(sampled)), 'MB', collections + samples),
    figure(`${script}: JavaScript heap, with garbage`, Math.max(traced.heap, sampled.heap), 'MB', collections + samples),
    figure(`${script}: array buffers and WASM`, Math.max(traced.buffers, sampled.buffers), 'MB', collections + samples),
  ])
  const broken = peaks.flatMap(({ script, traced, sampled, collections }) => {
    const most = Math.max(totalOf(traced), totalOf(sampled))
    if (collections < FEWEST_COLLECTIONS) return [`${script} collected garbage ${collections} times: what it held is not known`]
    return most > LARGEST_MB ? [`${script} held ${most.toFixed(1)} MB, more than ${LARGEST_MB}`] : []
  })
  if (rows === 0 && seconds > LARGEST_SECONDS) broken.push(`${pages} pages took ${seconds.toFixed(1)} s, more than ${LARGEST_SECONDS}`)
  const what = rows === 0 ? `PDF of ${pages} pages` : `CSV of ${rows} rows`
  return { figures: [...figures, figure(`${what}, upload to the end of the run`, seconds, 's', 1)], broken }
}
