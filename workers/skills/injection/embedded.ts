import type { Lexicon } from '../entities/tagger/lexicon'
import { bytesOf, loadLexicon } from '../entities/tagger/load'
import { emissions, readModel } from '../entities/tagger/model'
import { DOCUMENT_RULES } from './document-rules'
import { surroundingsOf, unitFeatures } from './features'
import { findForeignOverrides } from './foreign-languages'
import { findHidden } from './hidden'
import { findRules } from './rules'
import type { InjectionFinding, InjectionInput, InjectionOutput } from './schema'
import { splitUnits } from './units'

/** From here on a text is suspicious: fixed by cross-validation, where it flags under one clean mail in a hundred. */
export const SUSPICIOUS_SCORE = 0.4
const MAX_FINDINGS = 20
/** Time grows with the text; a longer one is read to here and said to be clean only as far as that. */
export const MAX_INJECTION_CHARS = 400_000

/** Probability that a sentence gives an assistant an order that does not belong to its text. */
export type OrderModel = (features: number[]) => number

interface Loaded {
  lexicon: Lexicon
  orders: OrderModel
}

let loaded: Promise<Loaded> | undefined

async function load(): Promise<Loaded> {
  const [lexicon, { default: weights }] = await Promise.all([loadLexicon(), import('./orders.json')])
  const model = readModel(bytesOf(weights.packed))
  return { lexicon, orders: (features) => 1 / (1 + Math.exp(-(emissions(model, features)[0] ?? 0))) }
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000

/** Looks for orders in a text with the shipped weights. */
export async function detectInjection(input: InjectionInput): Promise<InjectionOutput> {
  loaded ??= load()
  const { lexicon, orders } = await loaded
  return judge(input, lexicon, orders)
}

/** Looks for orders in a text with given weights. */
export function judge({ text, role }: InjectionInput, lexicon: Lexicon, orders: OrderModel): InjectionOutput {
  const sample = text.slice(0, MAX_INJECTION_CHARS)
  const everywhere = [...findRules(sample), ...findForeignOverrides(sample)]
  const inDocuments = role === 'document' ? [...findRules(sample, DOCUMENT_RULES), ...findHidden(sample)] : []
  const found = [...everywhere, ...inDocuments].map(
    ({ name, score, start, end }): InjectionFinding => ({ reason: name, score, start, end, text: text.slice(start, end) }),
  )
  if (role === 'document') found.push(...foreignOrders(sample, lexicon, orders))
  return conclude(found)
}

function foreignOrders(text: string, lexicon: Lexicon, orders: OrderModel): InjectionFinding[] {
  const units = splitUnits(text)
  const around = surroundingsOf(units, lexicon)
  return units.flatMap((unit, at): InjectionFinding[] => {
    if (unit.kind === 'code') return []
    const score = round(orders(unitFeatures(unit, at, units, around, lexicon)))
    return score < SUSPICIOUS_SCORE ? [] : [{ reason: 'foreign_order', score, start: unit.start, end: unit.end, text: unit.text }]
  })
}

/** The answer for some findings: the score is that of the worst. */
export function conclude(found: InjectionFinding[]): InjectionOutput {
  const findings = found.toSorted((a, b) => b.score - a.score || a.start - b.start).slice(0, MAX_FINDINGS)
  const score = findings[0]?.score ?? 0
  return { score, suspicious: score >= SUSPICIOUS_SCORE, findings }
}
