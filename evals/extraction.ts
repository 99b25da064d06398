import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseDocument } from '../workers/agents/ingestion/parse'
import type { ParsedDocument } from '../workers/domain/documents'
import { AppError } from '../workers/domain/error'
import type { Json } from '../workers/domain/json'
import { extract } from '../workers/skills/extract'
import type { ExtractInput, ExtractOutput } from '../workers/skills/extract/schema'
import type { EvaluationContext, Figure } from './evaluation.ts'
import { anObject, readJsonLines } from './json-lines.ts'

/** The rows of a file of JSON lines; broken ones are left out and said. */
export const jsonLines = <Row>(text: string, file: string): Row[] => readJsonLines(text, file, anObject<Row>)

/** Reads a file as an upload is read; scanned pages go through the platform's OCR, which starts when the first one comes. */
export function parseFile(path: string, context: EvaluationContext): Promise<ParsedDocument> {
  const ocr: NonNullable<Parameters<typeof parseDocument>[2]>['ocr'] = {
    recognise: async (image) => (await context.platform()).ocr.recognise(image),
  }
  return parseDocument(new Uint8Array(readFileSync(path)), basename(path), { ocr })
}

const NOTHING: ParsedDocument = {
  format: 'pdf',
  mediaType: 'application/pdf',
  pages: [],
  blocks: [],
  tables: [],
  metadata: {},
  embedded: [],
  warnings: [],
}

/** The same; a file that is missing or that ingestion refuses gives an empty document, so that all of its fields count as missed. */
export async function parseOrEmpty(path: string, context: EvaluationContext): Promise<ParsedDocument> {
  try {
    if (existsSync(path)) return await parseFile(path, context)
    context.say(`${basename(path)} is named by the gold and not there: its fields count as missed`)
    return NOTHING
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    context.say(`${basename(path)} was refused, its fields count as missed: ${thrown.message}`)
    return NOTHING
  }
}

/** Runs the skill: by the configured model where there is one, else the embedded way. */
export const extractFrom = (input: ExtractInput, context: EvaluationContext): Promise<ExtractOutput> =>
  extract.run(input, context.chatModel ? { chatModel: context.chatModel } : {})

/** The normalised value of a field; lists as they are. */
export const fieldValue = (output: ExtractOutput, name: string): Json | undefined =>
  output.fields.find((field) => field.name === name)?.normalized

/** Lower case, without accents and anything that is neither letter nor digit. */
export const squeeze = (text: unknown): string =>
  String(text ?? '')
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

/** Lower case, white space and punctuation at the ends aside. */
export const tidy = (text: unknown): string =>
  String(text ?? '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^[\s.,;:]+|[\s.,;:]+$/g, '')

/** Right and wrong answers by field, as figures: each field's rate and that of all. */
export class Tally {
  readonly #hits = new Map<string, boolean[]>()

  note(field: string, hit: boolean): void {
    this.#hits.set(field, [...(this.#hits.get(field) ?? []), hit])
  }

  figures(metric: string): Figure[] {
    const rate = (hits: boolean[]) => hits.filter(Boolean).length / Math.max(1, hits.length)
    const all = [...this.#hits.values()].flat()
    return [
      { metric, value: rate(all), n: all.length },
      ...[...this.#hits].map(([field, hits]) => ({ metric: `${metric} (${field})`, value: rate(hits), n: hits.length })),
    ]
  }
}

/** Given, wanted and shared values by field: precision and recall over all of them, joined as F1. */
export class Overlap {
  readonly #counts = new Map<string, { shared: number; given: number; wanted: number }>()

  note(field: string, counts: { shared: number; given: number; wanted: number }): void {
    const known = this.#counts.get(field) ?? { shared: 0, given: 0, wanted: 0 }
    this.#counts.set(field, {
      shared: known.shared + counts.shared,
      given: known.given + counts.given,
      wanted: known.wanted + counts.wanted,
    })
  }

  figures(metric: string): Figure[] {
    const f1 = ({ shared, given, wanted }: { shared: number; given: number; wanted: number }) => (2 * shared) / Math.max(1, given + wanted)
    const all = [...this.#counts.values()].reduce(
      (sum, { shared, given, wanted }) => ({ shared: sum.shared + shared, given: sum.given + given, wanted: sum.wanted + wanted }),
      { shared: 0, given: 0, wanted: 0 },
    )
    return [
      { metric, value: f1(all), n: all.wanted },
      ...[...this.#counts].map(([field, counts]) => ({ metric: `${metric} (${field})`, value: f1(counts), n: counts.wanted })),
    ]
  }
}

/** How many values two lists share, each counted as often as it stands in both. */
export function shared(given: string[], wanted: string[]): number {
  const left = new Map<string, number>()
  for (const value of wanted) left.set(value, (left.get(value) ?? 0) + 1)
  return given.filter((value) => {
    const count = left.get(value) ?? 0
    left.set(value, count - 1)
    return count > 0
  }).length
}

/** Splits for cross-validation, fixed and without chance: cases with the same key stay together. */
export function folds<Case>(cases: Case[], count: number, keyOf: (each: Case, index: number) => string): { train: Case[]; test: Case[] }[] {
  const keys = cases.map(keyOf)
  const order = [...new Set(keys)].sort()
  const foldOf = new Map(order.map((key, index) => [key, index % count]))
  return Array.from({ length: count }, (_, fold) => ({
    train: cases.filter((_, index) => foldOf.get(keys[index] ?? '') !== fold),
    test: cases.filter((_, index) => foldOf.get(keys[index] ?? '') === fold),
  }))
}
