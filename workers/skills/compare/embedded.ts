import { align } from './align'
import { changesOf } from './changes'
import type { Change, CompareInput, CompareOutput } from './schema'
import { unitsOf } from './units'

/** What of a change a summary quotes. */
const MAX_QUOTED = 140
const MAX_TOLD = 12

/** What was added, removed, changed and moved between two versions, with both places. */
export function compareEmbedded({ before, after, beforeId, afterId }: CompareInput): CompareOutput {
  const old = { document: before, units: unitsOf(before), ...(beforeId && { id: beforeId }) }
  const now = { document: after, units: unitsOf(after), ...(afterId && { id: afterId }) }
  const alignment = align(old.units, now.units)
  const changes = changesOf(old, now, alignment)
  const { added, removed, changed, moved, same } = alignment
  const counts = { added: added.length, removed: removed.length, changed: changed.length, moved: moved.length, same: same.length }
  return { changes, counts, summary: summaryOf(changes, counts), identical: changes.length === 0, warnings: [] }
}

function summaryOf(changes: readonly Change[], { added, removed, changed, moved }: CompareOutput['counts']): string {
  if (changes.length === 0) return 'The two versions say the same.'
  const head = `${changed} changed, ${added} added, ${removed} removed, ${moved} moved.`
  // Figures first: they are what a version is read for.
  const order = [...changes].sort((a, b) => Number(b.figures.length > 0) - Number(a.figures.length > 0))
  const told = order.slice(0, MAX_TOLD).map((change) => `• ${describeChange(change)}`)
  const rest = changes.length - told.length
  return [head, ...told, ...(rest > 0 ? [`• and ${rest} more`] : [])].join('\n')
}

/** One change in a line for people. */
export function describeChange({ kind, section, before, after, words, figures }: Change): string {
  const where = section === '' ? '' : `${section}: `
  if (kind !== 'changed') return `${where}${kind} “${cut((after ?? before)?.quote)}”`
  const swaps = (words ? swapsOf(words) : []).map((swap) => wholeFigures(swap, figures))
  if (swaps.length === 0) return `${where}“${cut(before?.quote)}” became “${cut(after?.quote)}”`
  return `${where}“${cut(leadOf(words ?? []))}” changed ${swaps.map(({ from, to }) => `from ${shown(from)} to ${shown(to)}`).join(' and ')}`
}

/** More, or longer ones, are told by the whole sentences. */
const MAX_SWAPS = 3
const MAX_SWAPPED_WORDS = 8
type Words = NonNullable<Change['words']>

/** What stands for what, when a sentence only changed in a few places; empty when it says something else altogether. */
function swapsOf(words: Words): { from: string; to: string }[] {
  const swaps: { from: string; to: string }[] = []
  for (const [at, { kind, text }] of words.entries()) {
    if (kind === 'same') continue
    const next = words[at + 1]
    if (kind === 'added') {
      if (words[at - 1]?.kind === 'removed') continue
      return []
    }
    if (next?.kind !== 'added') return []
    const unit = unitAfter(text, next.text, words[at + 2]?.text)
    swaps.push({ from: `${text}${unit}`, to: `${next.text}${unit}` })
  }
  const isShort = swaps.every(({ from, to }) => Math.max(countWords(from), countWords(to)) <= MAX_SWAPPED_WORDS)
  return isShort && swaps.length <= MAX_SWAPS ? swaps : []
}

/** Of a date or an amount all is told, though only its day changed. */
function wholeFigures(swap: { from: string; to: string }, figures: Change['figures']): { from: string; to: string } {
  const part = (whole: string | undefined, text: string) => whole?.includes(text.trim().replace(/[.,;:]+$/, ''))
  const figure = figures.find(({ before, after }) => part(before, swap.from) && part(after, swap.to))
  return { from: figure?.before ?? swap.from, to: figure?.after ?? swap.to }
}

const countWords = (text: string): number => text.trim().split(/\s+/).length

/** The word after two numbers says what they count, unless they end with it already. */
const unitAfter = (from: string, to: string, rest: string | undefined): string => {
  const count =
    /(?:\d|(?<!\p{L})(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|eine?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf))\s*$/iu
  return count.test(from) && count.test(to) ? (/^\S+/.exec(rest ?? '')?.[0] ?? '') : ''
}

const shown = (text: string): string => {
  const bare = text.trim().replace(/^[("“„]+|[.,;:)"”“!?]+$/g, '')
  return /\d/.test(bare) ? bare : `“${bare}”`
}

/** The beginning of the sentence up to what changed; of one that changes at once, what comes after. */
function leadOf(words: Words): string {
  const [first, ...others] = words
  if (first?.kind === 'same') return `${first.text.trim()} …`
  return `… ${others.find(({ kind }) => kind === 'same')?.text.trim() ?? ''}`
}

function cut(text = ''): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length <= MAX_QUOTED ? flat : `${flat.slice(0, MAX_QUOTED)}…`
}
