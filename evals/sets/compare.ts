import { plainDocument } from '../../workers/domain/documents'
import { skills } from '../../workers/skills'
import type { Evaluation, Figure } from '../evaluation.ts'
import { precisionRecallF1, share } from '../metrics.ts'
import { readRows } from '../train/injection.ts'

interface Case {
  before: string
  after: string
  changes: { kind: string; words: string }[]
}

export const evaluation: Evaluation = {
  set: 'compare',
  isOwn: true,
  skill: 'compare',
  method:
    'Own pairs of short texts, English and German, with the changes that were made. A change is found when one of the same kind quotes its words. Exact: pairs with all changes found and no other reported. Written for this evaluation by one of us: a check, no benchmark.',
  references: {},
  async run({ test, chatModel }) {
    const cases = readRows<Case>(test, 'cases')
    const counts = { correct: 0, given: 0, wanted: 0 }
    const exact: boolean[] = []
    for (const { before, after, changes: wanted } of cases) {
      const input = { before: plainDocument(before), after: plainDocument(after) }
      const { changes } = await skills.compare.run(input, chatModel ? { chatModel } : {})
      const correct = wanted.filter(({ kind, words }) =>
        changes.some((change) => change.kind === kind && `${change.before?.quote ?? ''} ${change.after?.quote ?? ''}`.includes(words)),
      ).length
      counts.correct += correct
      counts.given += changes.length
      counts.wanted += wanted.length
      exact.push(correct === wanted.length && changes.length === wanted.length)
    }
    const { f1 } = precisionRecallF1(counts)
    return [
      { metric: 'change f1', value: f1, n: counts.wanted },
      { metric: 'exact', value: share(exact), n: cases.length },
    ] satisfies Figure[]
  },
}
