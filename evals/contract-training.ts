import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseDocument } from '../workers/agents/ingestion/parse'
import type { ParsedDocument } from '../workers/domain/documents'
import { termCases } from '../workers/skills/extract/contract-term'
import { partyCases } from '../workers/skills/extract/party-features'
import type { Weights } from '../workers/skills/extract/ranker'
import { wholeText } from '../workers/skills/text/whole'
import { jsonLines } from './extraction.ts'
import { fitLogistic, type Sample } from './logistic.ts'

/** A contract read by ingestion, with its gold: keys and values, blanks as underscores. */
export interface LabelledContract {
  document: ParsedDocument
  gold: Record<string, string[]>
}

/** The contracts of a part of the set. */
export function readContracts(folder: string): Promise<LabelledContract[]> {
  const file = readdirSync(folder).find((name) => /^ndas.*\.jsonl(?:\.gz)?$/.test(name)) ?? 'ndas.jsonl.gz'
  const bytes = readFileSync(join(folder, file))
  return Promise.all(
    jsonLines<{ text: string; gold: Record<string, string[]> }>(
      (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString(),
      join(folder, file),
    ).map(async ({ text, gold }) => ({ document: await parseDocument(new TextEncoder().encode(text), 'agreement.txt'), gold })),
  )
}

/** Names as they are compared: upper case, `&` as AND, no punctuation, Incorporated as Inc. */
export const foldParty = (name: string): string =>
  name
    .toUpperCase()
    .replace(/&/g, ' AND ')
    .replace(/[.,’'"]/g, '')
    .replace(/[\s_]+/g, ' ')
    .replace(/\bINCORPORATED\b/g, 'INC')
    .trim()

/** Learns from named parties which companies and persons of a contract are its parties. */
export function fitParties(contracts: LabelledContract[]): Weights {
  const samples = contracts.flatMap(({ document, gold }) => {
    const { text, lines } = wholeText(document.pages)
    const wanted = new Set((gold.party ?? []).map(foldParty))
    return partyCases(text, lines).map(
      ({ mentions, features }): Sample => ({ features, isPositive: mentions.some(({ name }) => wanted.has(foldParty(name))) }),
    )
  })
  return fitLogistic(samples)
}

/** Few contracts state a term, so large weights are held down more; chosen among 0.006–0.05 by cross-validation. */
const TERM_RIDGE = 0.02

/** Learns which duration of a contract is its term. */
export function fitTerm(contracts: LabelledContract[]): Weights {
  const samples = contracts.flatMap(({ document, gold }) => {
    const wanted = (gold.term ?? []).map((term) => term.replaceAll('_', ' '))
    return termCases(wholeText(document.pages).text).map(
      ({ normalized, features }): Sample => ({ features, isPositive: wanted.includes(normalized) }),
    )
  })
  return fitLogistic(samples, TERM_RIDGE)
}
