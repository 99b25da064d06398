import { plainDocument } from '../../workers/domain/documents'
import { skills } from '../../workers/skills'
import { SENTIMENTS } from '../../workers/skills/sentiment/schema'
import type { Evaluation, Figure } from '../evaluation.ts'
import { mean, precisionRecallF1, share } from '../metrics.ts'
import { readRows } from '../train/injection.ts'

interface Case {
  text: string
  label: string
}

export const evaluation: Evaluation = {
  set: 'sentiment',
  isOwn: true,
  skill: 'sentiment',
  method:
    'Own short messages of customers and offices, English and German; one label each. They were written for this evaluation by one of us, not drawn from real mail: a check, no benchmark. An answer of mixed counts as wrong.',
  references: {},
  async run({ test, chatModel }) {
    const cases = readRows<Case>(test, 'cases')
    const given: string[] = []
    for (const { text } of cases) {
      const answer = await skills.sentiment.run({ document: plainDocument(text), limit: 10 }, chatModel ? { chatModel } : {})
      given.push(answer.sentiment)
    }
    const f1 = SENTIMENTS.filter((label) => cases.some((row) => row.label === label)).map((label) => {
      const correct = cases.filter((row, index) => row.label === label && given[index] === label).length
      return precisionRecallF1({
        correct,
        given: given.filter((each) => each === label).length,
        wanted: cases.filter((row) => row.label === label).length,
      }).f1
    })
    return [
      { metric: 'accuracy', value: share(cases.map(({ label }, index) => given[index] === label)), n: cases.length },
      { metric: 'macro f1', value: mean(f1), n: cases.length },
    ] satisfies Figure[]
  },
}
