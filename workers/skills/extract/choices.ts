import { wholeWord } from '../text/pattern'
import type { Candidate } from './labelled'
import type { Label } from './labels'
import type { Reading } from './reading'

/** A box that is ticked, and one that is not. */
const TICKED = /(?:\[\s?[xX✓✔]\s?\]|\(\s?[xX✓✔]\s?\)|[☑☒✓✔⊠])\s*$/u
const EMPTY = /(?:\[\s*\]|\(\s*\)|[☐□○])\s*$/u
const SCORE = { ticked: 0.94, beside: 0.92, mentioned: 0.45, oneOfSeveral: 0.35 } as const

/** Allowed values of a property in a text, best first: one that is ticked, the first after its label, one that is only mentioned. */
export function findChoices(reading: Reading, labels: readonly Label[], allowed: readonly (string | number)[]): Candidate[] {
  const patterns = labels.map(([, source]) => new RegExp(`(?<![\\p{L}])(?:${source})(?![\\p{L}])`, 'iu'))
  const words = allowed.map((value) => ({ value, pattern: new RegExp(wholeWord(String(value)).source, 'giu') }))
  const found: Candidate[] = []
  let labelled = Number.NEGATIVE_INFINITY
  for (const line of reading.lines) {
    const label = patterns.map((pattern) => pattern.exec(line.text)).find((match) => match !== null)
    const from = label ? label.index + label[0].length : 0
    if (label) labelled = line.index
    // A label alone on its line speaks of the next.
    const isLabelled = label !== undefined || labelled === line.index - 1
    for (const { value, pattern } of words)
      for (const match of [...line.text.matchAll(pattern)].slice(0, 4)) {
        const before = line.text.slice(0, match.index)
        if (EMPTY.test(before)) continue
        const isTicked = TICKED.test(before)
        const isBeside = isLabelled && match.index >= from && (label !== undefined || line.text.trim().length < 40)
        const score = isTicked ? SCORE.ticked : isBeside ? SCORE.beside - Math.min(0.2, (match.index - from) / 400) : SCORE.mentioned
        const start = line.start + match.index
        found.push({ page: line.page, line: line.index, start, end: start + match[0].length, normalized: value, score })
      }
  }
  const isOpen = new Set(found.map(({ normalized }) => normalized)).size > 1
  return found
    .map((each) => (isOpen && each.score === SCORE.mentioned ? { ...each, score: SCORE.oneOfSeveral } : each))
    .sort((a, b) => b.score - a.score || a.line - b.line || b.end - b.start - (a.end - a.start) || a.start - b.start)
}
