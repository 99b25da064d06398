import type { ParsedDocument, Span } from '../../domain/documents'
import { figuresOf, sameFigure } from '../citations/figures'
import { spanOf } from '../text/lines'
import type { Alignment } from './align'
import { commonOf } from './lcs'
import type { Change } from './schema'
import type { Unit } from './units'

interface Version {
  document: ParsedDocument
  units: readonly Unit[]
  id?: string
}

/** The changes with their places on both sides, in reading order of the newer version; a removal stands where it stood. */
export function changesOf(before: Version, after: Version, alignment: Alignment): Change[] {
  const place = positions(alignment)
  const changes = [
    ...alignment.changed.map(([index, other]) => ({ at: other, change: pairChange('changed', before, after, index, other) })),
    ...alignment.moved.map(([index, other]) => ({ at: other, change: pairChange('moved', before, after, index, other) })),
    ...alignment.added.map((other) => ({ at: other, change: oneSided('added', after, other) })),
    ...alignment.removed.map((index) => ({ at: place(index), change: oneSided('removed', before, index) })),
  ]
  return changes.sort((a, b) => a.at - b.at).map(({ change }) => change)
}

/** Where a removed unit would stand in the newer version: after what stood before it. */
function positions({ same, changed }: Alignment): (index: number) => number {
  const kept = [...same, ...changed].sort((a, b) => a[0] - b[0])
  return (index) => (kept.findLast(([before]) => before < index)?.[1] ?? -1) + 0.5
}

const spanAt = ({ document, units, id }: Version, index: number): Span | undefined => {
  const unit = units[index]
  return unit && spanOf(document.pages, unit, id)
}

function oneSided(kind: 'added' | 'removed', version: Version, index: number): Change {
  const unit = version.units[index]
  const side = kind === 'added' ? 'after' : 'before'
  const figures = figuresOf(unit?.text ?? '').map(({ text }) => ({ [side]: text }))
  return { kind, section: unit?.section ?? '', [side]: spanAt(version, index), figures }
}

function pairChange(kind: 'changed' | 'moved', before: Version, after: Version, index: number, other: number): Change {
  const [old, now] = [before.units[index], after.units[other]]
  return {
    kind,
    section: now?.section ?? '',
    before: spanAt(before, index),
    after: spanAt(after, other),
    ...(kind === 'changed' && { words: wordDiff(old?.text ?? '', now?.text ?? '') }),
    figures: kind === 'changed' ? figureChanges(old?.text ?? '', now?.text ?? '') : [],
  }
}

/** Figures of one side that the other does not have, in pairs as far as they go in order and kind. */
function figureChanges(before: string, after: string): Change['figures'] {
  const [old, now] = [figuresOf(before), figuresOf(after)]
  const gone = old.filter((figure) => !now.some((other) => sameFigure(figure, other)))
  const come = now.filter((figure) => !old.some((other) => sameFigure(figure, other)))
  const taken = new Set<number>()
  const pairs = gone.map((figure) => {
    const index = come.findIndex((other, at) => !taken.has(at) && other.kind === figure.kind)
    if (index >= 0) taken.add(index)
    return { before: figure.text, ...(index >= 0 && { after: come[index]?.text }) }
  })
  return [...pairs, ...come.flatMap((figure, at) => (taken.has(at) ? [] : [{ after: figure.text }]))]
}

/** Words of both versions in order, neighbours of one kind joined; white space belongs to the word before it. */
function wordDiff(before: string, after: string): NonNullable<Change['words']> {
  const [old, now] = [wordsOf(before), wordsOf(after)]
  const trimmed = (words: readonly string[]) => words.map((word) => word.trim())
  const parts: NonNullable<Change['words']> = []
  const add = (kind: 'same' | 'removed' | 'added', words: readonly string[]) => {
    if (words.length === 0) return
    const last = parts.at(-1)
    if (last?.kind === kind) last.text += words.join('')
    else parts.push({ kind, text: words.join('') })
  }
  let [row, column] = [0, 0]
  for (const [index, other] of [...commonOf(trimmed(old), trimmed(now)), [old.length, now.length] as const]) {
    add('removed', old.slice(row, index))
    add('added', now.slice(column, other))
    add('same', now.slice(other, other + 1))
    row = index + 1
    column = other + 1
  }
  return parts
}

const wordsOf = (text: string): string[] => text.replace(/\s+/g, ' ').match(/\S+\s*/g) ?? []
