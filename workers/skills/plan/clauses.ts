import type { PlanOutput } from './schema'
import type { Draft } from './scope'

/**
 * What became of each clause of the goal. Invariants: the clauses together are the whole goal; words that nothing has understood are in
 * `unread` with their clause; a clause that became nothing is in `unsupported` or `unread`.
 */
export function clausesOf(draft: Draft): Pick<PlanOutput, 'clauses' | 'unread'> {
  const { pieces, ledger, settled, trigger } = draft.understanding
  const unread: string[] = []
  const clauses = pieces.map(({ text, start }, index) => {
    const words = draft.quote(text)
    const end = start + text.length
    const steps = draft.trace.filter(({ clause }) => clause === index).map(({ id }) => id)
    const starts = trigger.places.some((place) => place.start < end && place.end > start)
    const note = settled.get(index)
    const became = [...new Set([...(starts ? [`trigger ${trigger.kind}`] : []), ...steps, ...(note === undefined ? [] : [note])])]
    const lost = ledger.unread(start, end).map((stretch) => draft.quote(stretch))
    for (const stretch of lost) unread.push(stretch === words ? `“${words}”` : `“${stretch}” in “${words}”`)
    const isNamed = lost.length > 0 || draft.unsupported.some((line) => words.includes(line.split(':')[0] ?? '') || line.includes(words))
    if (became.length === 0 && !isNamed && /[\p{L}\d]/u.test(words)) unread.push(`“${words}”`)
    return { words, became }
  })
  return { clauses, unread }
}
