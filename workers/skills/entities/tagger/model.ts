import { unzlibSync } from 'fflate'
import { featuresOf } from './features'
import type { Lexicon } from './lexicon'
import type { Token } from './tokens'

/** A linear chain over `labels`: `O` first, then `B-x`, `I-x` of each type. */
export interface TaggerModel {
  labels: string[]
  /** Row of `scores` for a feature's hash. */
  rows: Map<number, number>
  /** 8-bit weights, `rows × labels`, times `scale`. */
  scores: Int8Array
  scale: number
  /** `[from * labels + to]`; the last row is the start. */
  transitions: Float32Array
  /** Taken off `O` before decoding: what gives the best F1 in cross-validation. */
  bias: number
}

/** A tagged run of tokens, characters `[start, end)`. */
export interface TaggedSpan {
  type: string
  start: number
  end: number
}

/** Reads a model as `evals/train` writes it: a line of JSON, then transitions, hash gaps and weights, all compressed. */
export function readModel(packed: Uint8Array): TaggerModel {
  const bytes = unzlibSync(packed)
  const lineEnd = bytes.indexOf(10)
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(0, lineEnd))) as Pick<TaggerModel, 'labels' | 'scale' | 'bias'> & {
    features: number
  }
  const size = header.labels.length
  let at = lineEnd + 1
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const transitions = Float32Array.from({ length: (size + 1) * size }, (_, index) => view.getFloat32(at + index * 4, true))
  at += transitions.length * 4
  const rows = new Map<number, number>()
  let hash = 0
  for (let row = 0; row < header.features; row += 1) {
    hash += view.getUint32(at + row * 4, true)
    rows.set(hash, row)
  }
  at += header.features * 4
  const scores = new Int8Array(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + header.features * size))
  return { labels: header.labels, rows, scores, scale: header.scale, transitions, bias: header.bias }
}

/** The best chain of labels (Viterbi) for the tokens of a sentence or line; of those without the `barred` type where one is named. */
export function labelsOf(model: TaggerModel, features: number[][], barred?: string): string[] {
  const size = model.labels.length
  const shut = model.labels.flatMap((label, index) => (barred !== undefined && label.slice(2) === barred ? [index] : []))
  let best = new Float64Array(size)
  const steps: Uint8Array[] = []
  features.forEach((hashes, at) => {
    const emitted = emissions(model, hashes)
    for (const label of shut) emitted[label] = -Infinity
    const next = new Float64Array(size)
    const from = new Uint8Array(size)
    for (let to = 0; to < size; to += 1) {
      let top = at === 0 ? (model.transitions[size * size + to] ?? 0) : -Infinity
      for (let before = 0; at > 0 && before < size; before += 1) {
        const score = (best[before] ?? 0) + (model.transitions[before * size + to] ?? 0)
        if (score > top) [top, from[to]] = [score, before]
      }
      next[to] = top + (emitted[to] ?? 0)
    }
    best = next
    steps.push(from)
  })
  let label = best.indexOf(Math.max(...best))
  const labels: string[] = []
  for (let at = features.length - 1; at >= 0; at -= 1) {
    labels.unshift(model.labels[label] ?? 'O')
    label = steps[at]?.[label] ?? 0
  }
  return labels
}

/** Scores of all labels for one set of features, `bias` taken off the first. */
export function emissions({ labels, rows, scores, scale, bias }: TaggerModel, hashes: number[]): Float64Array {
  const size = labels.length
  const emitted = new Float64Array(size)
  for (const hash of hashes) {
    const row = rows.get(hash)
    if (row === undefined) continue
    for (let label = 0; label < size; label += 1) emitted[label] = (emitted[label] ?? 0) + (scores[row * size + label] ?? 0) * scale
  }
  emitted[0] = (emitted[0] ?? 0) - bias
  return emitted
}

/** Spans of a label chain; an `I-x` that continues nothing begins one. */
export function spansOf(labels: readonly string[]): { type: string; from: number; to: number }[] {
  const spans: { type: string; from: number; to: number }[] = []
  labels.forEach((label, at) => {
    const type = label.slice(2)
    const open = spans.at(-1)
    if (label === 'O') return
    if (label.startsWith('I-') && open?.type === type && open.to === at) open.to = at + 1
    else spans.push({ type, from: at, to: at + 1 })
  })
  return spans
}

/** Tags tokens of one text, with any type but the `barred` one. */
export function tagTokens(model: TaggerModel, lexicon: Lexicon, tokens: readonly Token[], barred?: string): TaggedSpan[] {
  const labels = labelsOf(
    model,
    featuresOf(
      tokens.map(({ text }) => text),
      lexicon,
    ),
    barred,
  )
  return spansOf(labels).map(({ type, from, to }) => ({ type, start: tokens[from]?.start ?? 0, end: tokens[to - 1]?.end ?? 0 }))
}
