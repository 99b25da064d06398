import * as z from 'zod'
import { canonicalJson } from './json'
import { ValuePath, valueAt } from './value-paths'

/** Metrics of evaluations: what one case scores, and what many come to. Pure; a score is null where the metric does not apply. */

const named = { name: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'use lower-case letters, digits and _, beginning with a letter') }
/** Where the value stands in the output, and where in what is expected. */
const places = { ...named, path: ValuePath.default(''), expected: ValuePath.default('') }
const citationPlaces = { ...named, path: ValuePath.default('sentences[*].citations[*]'), expected: ValuePath.default('citations') }

export const MetricSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exact'), ...places }),
  z.strictObject({ kind: z.literal('token_f1'), ...places }),
  z.strictObject({ kind: z.literal('set_f1'), ...places }),
  z.strictObject({ kind: z.literal('ndcg'), ...places, k: z.int().min(1).max(1_000).default(10) }),
  z.strictObject({ kind: z.literal('citation_precision'), ...citationPlaces }),
  z.strictObject({ kind: z.literal('citation_recall'), ...citationPlaces }),
  z.strictObject({
    kind: z.literal('faithfulness'),
    ...named,
    /** Sentences that carry a `status`, or a text that is verified against `sources`. */
    path: ValuePath.default('sentences'),
    /** Passages or texts, as a path into `{ input, expected, output }`. */
    sources: ValuePath.optional(),
  }),
  z.strictObject({
    kind: z.literal('numeric'),
    ...places,
    tolerance: z.number().min(0).default(0),
    relativeTolerance: z.number().min(0).max(1).default(0),
  }),
  z.strictObject({ kind: z.literal('cost'), ...named }),
  z.strictObject({ kind: z.literal('latency'), ...named }),
])
export type MetricSpec = z.infer<typeof MetricSpec>
export type MetricKind = MetricSpec['kind']

export const MAX_METRICS = 20
export const MetricSpecs = z
  .array(MetricSpec)
  .min(1)
  .max(MAX_METRICS)
  .refine((specs) => new Set(specs.map(({ name }) => name)).size === specs.length, 'each metric needs a name of its own')

/** Whether more is better. */
export const BETTER = {
  exact: 'higher',
  token_f1: 'higher',
  set_f1: 'higher',
  ndcg: 'higher',
  citation_precision: 'higher',
  citation_recall: 'higher',
  faithfulness: 'higher',
  numeric: 'higher',
  cost: 'lower',
  latency: 'lower',
} as const satisfies Record<MetricKind, 'higher' | 'lower'>

/** One case as it came out. */
export interface Outcome {
  input: unknown
  expected: unknown
  /** Absent: the case failed, and scores nothing where something was expected. */
  output?: unknown
  costMicroUsd: number
  latencyMs: number
}

/** Tells for each sentence of a text whether the sources bear it out. */
export type Verify = (text: string, sources: unknown) => boolean[]

/** The score of one case. */
export function scoreCase(spec: MetricSpec, outcome: Outcome, verify: Verify): number | null {
  switch (spec.kind) {
    case 'cost':
      return outcome.costMicroUsd
    case 'latency':
      return outcome.output === undefined ? null : outcome.latencyMs
    case 'faithfulness':
      return faithfulness(spec, outcome, verify)
    default: {
      const expected = valueAt(outcome.expected, spec.expected)
      if (expected === undefined) return null
      const actual = outcome.output === undefined ? undefined : valueAt(outcome.output, spec.path)
      return compareValues(spec, actual, expected)
    }
  }
}

type ComparingSpec = Exclude<MetricSpec, { kind: 'cost' | 'latency' | 'faithfulness' }>

function compareValues(spec: ComparingSpec, actual: unknown, expected: unknown): number | null {
  switch (spec.kind) {
    case 'ndcg':
      return ndcg(listOf(actual).map(String), gainsOf(expected), spec.k)
    case 'set_f1':
      return setF1(listOf(actual), listOf(expected))
    case 'citation_precision':
      return citationScores(listOf(actual), listOf(expected)).precision
    case 'citation_recall':
      return citationScores(listOf(actual), listOf(expected)).recall
    case 'exact':
      return bestOf(actual, expected, (value, wanted) => (normalised(value) === normalised(wanted) ? 1 : 0))
    case 'token_f1':
      return bestOf(actual, expected, (value, wanted) => tokenF1(textOf(value), textOf(wanted)))
    case 'numeric':
      return bestOf(actual, expected, (value, wanted) => (isNear(value, wanted, spec) ? 1 : 0))
  }
}

/** A list of expected values for a single one means that any of them is right. */
function bestOf(actual: unknown, expected: unknown, score: (actual: unknown, expected: unknown) => number): number {
  if (actual === undefined) return 0
  if (!Array.isArray(expected) || Array.isArray(actual)) return score(actual, expected)
  return Math.max(0, ...expected.map((wanted) => score(actual, wanted)))
}

const listOf = (value: unknown): unknown[] => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value])

const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()

/** Equal texts have equal meaning: case, width, white space and the difference between 12 and "12" do not count. */
function normalised(value: unknown): string {
  const leaf = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(leaf)
    if (typeof each === 'object' && each !== null)
      return Object.fromEntries(Object.entries(each).map(([key, member]) => [key, leaf(member)]))
    return each === null || each === undefined ? null : plain(String(each))
  }
  return canonicalJson(leaf(value))
}

const textOf = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(textOf).join(' ')
    : typeof value === 'object' && value !== null
      ? canonicalJson(value)
      : String(value ?? '')

/** F1 over words with their counts, as SQuAD has it, but articles count. Both empty: 1. */
export function tokenF1(actual: string, expected: string): number {
  const [has, wants] = [wordsOf(actual), wordsOf(expected)]
  const left = new Map<string, number>()
  for (const word of wants) left.set(word, (left.get(word) ?? 0) + 1)
  let shared = 0
  for (const word of has) {
    const count = left.get(word) ?? 0
    if (count > 0) shared += 1
    left.set(word, count - 1)
  }
  return f1(shared, has.length, wants.length)
}

const wordsOf = (text: string): string[] => plain(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** F1 over distinct values. Both empty: 1. */
export function setF1(actual: readonly unknown[], expected: readonly unknown[]): number {
  const [has, wants] = [new Set(actual.map(normalised)), new Set(expected.map(normalised))]
  const shared = [...has].filter((value) => wants.has(value)).length
  return f1(shared, has.size, wants.size)
}

const f1 = (shared: number, has: number, wants: number): number => (has + wants === 0 ? 1 : (2 * shared) / (has + wants))

/**
 * Normalised discounted cumulative gain at k with linear gains: Σ gain / log2(rank + 1), over the best possible (Järvelin and
 * Kekäläinen 2002). A value that comes twice counts at its first place only. Null when nothing is relevant.
 */
export function ndcg(ranked: readonly string[], gains: ReadonlyMap<string, number>, k: number): number | null {
  const dcg = (values: readonly number[]) => values.slice(0, k).reduce((sum, gain, at) => sum + gain / Math.log2(at + 2), 0)
  const ideal = dcg([...gains.values()].filter((gain) => gain > 0).sort((a, b) => b - a))
  if (ideal === 0) return null
  return dcg([...new Set(ranked)].map((id) => Math.max(0, gains.get(id) ?? 0))) / ideal
}

/** A list of ids (each worth 1), or an object of ids and gains. */
function gainsOf(expected: unknown): Map<string, number> {
  if (typeof expected === 'object' && expected !== null && !Array.isArray(expected))
    return new Map(Object.entries(expected).map(([id, gain]) => [id, Number(gain) || 0]))
  return new Map(listOf(expected).map((id) => [String(id), 1]))
}

/**
 * Precision: share of the citations that are expected ones; recall: share of the expected ones that are cited. An expected citation is
 * an id or label, or `{ documentId?, page?, quote? … }` of which all that is given must be so; quotes agree when one holds the other.
 * Neither expected nor cited: both are 1; one of the two missing: both are 0.
 */
export function citationScores(cited: readonly unknown[], expected: readonly unknown[]): { precision: number; recall: number } {
  if (cited.length === 0 || expected.length === 0) {
    const both = cited.length === expected.length ? 1 : 0
    return { precision: both, recall: both }
  }
  const right = cited.filter((citation) => expected.some((wanted) => isCited(citation, wanted))).length
  const found = expected.filter((wanted) => cited.some((citation) => isCited(citation, wanted))).length
  return { precision: right / cited.length, recall: found / expected.length }
}

function isCited(citation: unknown, wanted: unknown): boolean {
  if (typeof citation !== 'object' || citation === null) return normalised(citation) === normalised(wanted)
  const facts: Record<string, unknown> = { ...citation, ...objectOf(Reflect.get(citation, 'span')) }
  if (typeof wanted !== 'object' || wanted === null)
    return ['passageId', 'documentId', 'label', 'name', 'id'].some((key) => key in facts && normalised(facts[key]) === normalised(wanted))
  return Object.entries(wanted).every(([key, value]) =>
    key === 'quote' ? holdsQuote(facts.quote, value) : key in facts && normalised(facts[key]) === normalised(value),
  )
}

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {})

function holdsQuote(quote: unknown, wanted: unknown): boolean {
  const [has, wants] = [plain(textOf(quote)), plain(textOf(wanted))]
  return has !== '' && wants !== '' && (has.includes(wants) || wants.includes(has))
}

/** Whether a number lies within the tolerances of another; a text that is no number is none. */
function isNear(
  actual: unknown,
  expected: unknown,
  { tolerance, relativeTolerance }: { tolerance: number; relativeTolerance: number },
): boolean {
  const [has, wants] = [numberOf(actual), numberOf(expected)]
  if (has === undefined || wants === undefined) return false
  // 0.1 + 0.2 is not to fail a tolerance of nothing.
  const rounding = Number.EPSILON * 8 * Math.max(Math.abs(has), Math.abs(wants))
  return Math.abs(has - wants) <= Math.max(tolerance, relativeTolerance * Math.abs(wants)) + rounding
}

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** Share of the sentences that their sources bear out. Null when there is no sentence: to say nothing is not unfaithful. */
function faithfulness(spec: Extract<MetricSpec, { kind: 'faithfulness' }>, outcome: Outcome, verify: Verify): number | null {
  if (outcome.output === undefined) return null
  const said = valueAt(outcome.output, spec.path)
  const { input, expected, output } = outcome
  const sources = spec.sources === undefined ? undefined : valueAt({ input, expected, output }, spec.sources)
  const verdicts = listOf(said).flatMap((sentence) => verdictsOn(sentence, sources, verify))
  return verdicts.length === 0 ? null : verdicts.filter(Boolean).length / verdicts.length
}

/** With sources every sentence is verified anew; without, the status that it was given by the answer skill counts. */
function verdictsOn(sentence: unknown, sources: unknown, verify: Verify): boolean[] {
  const { text, status } = objectOf(sentence) as { text?: unknown; status?: unknown }
  if (sources !== undefined) return verify(textOf(text ?? sentence), sources)
  return [status === 'verified' || status === 'repaired']
}
