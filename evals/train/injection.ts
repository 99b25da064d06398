import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Lexicon } from '../../workers/skills/entities/tagger/lexicon'
import { surroundingsOf, unitFeatures } from '../../workers/skills/injection/features'
import { splitUnits } from '../../workers/skills/injection/units'
import { seeded } from './clusters.ts'
import { AMONG_PEOPLE, TO_AN_ASSISTANT } from './injection-written.ts'
import { type Labelled, trainLogistic } from './logistic.ts'

export interface Attack {
  category: string
  text: string
}

export type Position = 'start' | 'middle' | 'end'

/** Rows of all files of a folder whose name contains a word. */
export function readRows<T>(folder: string, part: string): T[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.includes(part) && /\.jsonl(?:\.gz)?$/.test(file))
    .sort()
    .flatMap((file) => {
      const bytes = readFileSync(join(folder, file))
      return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n').filter(Boolean)
    })
    .map((line) => JSON.parse(line) as T)
}

export const readAttacks = (folder: string): Attack[] =>
  readRows<{ category: string; instruction: string }>(folder, 'attacks').map(({ category, instruction }) => ({
    category,
    text: instruction,
  }))

export const readContexts = (folder: string, kind: 'email' | 'table'): string[] =>
  readRows<{ context: string }>(folder, `${kind}_contexts`).map(({ context }) => context)

/** Prompts of users; what one says to an assistant, a document does not. */
export const readPrompts = (folder: string): string[] => readRows<{ text: string }>(folder, 'notinject').map(({ text }) => text)

/** Real mails of people and lists: the readable part of the SpamAssassin ham, and sentences of business mail. */
export function readMails(data: string): string[] {
  const ham = readRows<{ label: string; raw: string }>(join(data, 'emails_spamassassin/dev'), 'emails')
    .filter(({ label }) => label === 'ham')
    .map(({ raw }) =>
      raw
        .slice(raw.search(/\r?\n\r?\n/))
        .replace(/<[^>]{0,500}>/g, ' ')
        .replace(/=\n/g, '')
        .trim()
        .slice(0, 4_000),
    )
  const sentences = readRows<{ text: string }>(join(data, 'email_intent_parakweet/dev'), 'sentences').map(({ text }) => text)
  const letters = Array.from({ length: Math.ceil(sentences.length / 6) }, (_, index) =>
    sentences.slice(index * 6, index * 6 + 6).join('\n'),
  )
  return [...ham, ...letters]
}

/** A text with an attack in it, as BIPIA puts it: before, after, or between two sentences or lines. */
export function inject(
  context: string,
  attack: string,
  position: Position,
  random: () => number,
): { text: string; start: number; end: number } {
  if (position === 'start') return { text: `${attack}\n${context}`, start: 0, end: attack.length }
  if (position === 'end') return { text: `${context}\n${attack}`, start: context.length + 1, end: context.length + 1 + attack.length }
  const gaps = splitUnits(context).map(({ end }) => end)
  const at = gaps[Math.floor(random() * Math.max(1, gaps.length - 1))] ?? context.length
  return { text: `${context.slice(0, at)}\n${attack}\n${context.slice(at)}`, start: at + 1, end: at + 1 + attack.length }
}

const POSITIONS: Position[] = ['start', 'middle', 'end', 'end']
/** Each attack is put into so many texts. */
const CARRIERS = 6
/** Own sentences and prompts are put into fewer. */
const WRITTEN_CARRIERS = 3

function examplesOf(text: string, lexicon: Lexicon, hit?: { start: number; end: number }): Labelled[] {
  const units = splitUnits(text)
  const around = surroundingsOf(units, lexicon)
  return units.map((unit, at) => ({
    features: unitFeatures(unit, at, units, around, lexicon),
    positive: hit !== undefined && unit.start < hit.end && unit.end > hit.start && unit.kind !== 'code',
  }))
}

/** The weights of "this sentence gives an assistant an order that does not belong here", from attacks put into clean texts. */
export function trainInjection(attacks: Attack[], prompts: string[], clean: string[], lexicon: Lexicon): Map<number, number> {
  const random = seeded(41)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  const negatives = clean.flatMap((text) => examplesOf(text, lexicon))
  const people = Array.from({ length: 4 }, () => AMONG_PEOPLE)
    .flat()
    .flatMap((sentence) => {
      const carried = inject(pick(clean), sentence, pick(POSITIONS), random)
      return examplesOf(carried.text, lexicon, carried)
        .filter(({ positive }) => positive)
        .map((example) => ({ ...example, positive: false }))
    })
  const orders = [
    ...attacks.flatMap(({ text }) => Array.from({ length: CARRIERS }, () => text)),
    ...[...TO_AN_ASSISTANT, ...prompts.filter((prompt) => /^[\p{Script=Latin}\P{L}]*$/u.test(prompt))].flatMap((text) =>
      Array.from({ length: WRITTEN_CARRIERS }, () => text),
    ),
  ].flatMap((order) => {
    const carried = inject(pick(clean), order, pick(POSITIONS), random)
    return examplesOf(carried.text, lexicon, carried).filter(({ positive }) => positive)
  })
  return trainLogistic([...negatives, ...people, ...orders], { epochs: 12, l2: 2e-4, minCount: 2, rate: 0.1 })
}
