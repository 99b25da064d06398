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
export function describeChange({ kind, section, before, after, figures }: Change): string {
  const where = section === '' ? '' : `${section}: `
  const values = figures.filter((figure) => figure.before !== undefined && figure.after !== undefined)
  if (kind === 'changed' && values.length > 0)
    return `${where}${values.map((figure) => `${figure.before} became ${figure.after}`).join(', ')}: “${cut(after?.quote)}”`
  if (kind === 'changed') return `${where}“${cut(before?.quote)}” became “${cut(after?.quote)}”`
  return `${where}${kind} “${cut((after ?? before)?.quote)}”`
}

function cut(text = ''): string {
  const flat = text.replace(/\s+/g, ' ').trim()
  return flat.length <= MAX_QUOTED ? flat : `${flat.slice(0, MAX_QUOTED)}…`
}
