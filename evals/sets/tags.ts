import { plainDocument } from '../../workers/domain/documents'
import { skills } from '../../workers/skills'
import type { Evaluation, Figure } from '../evaluation.ts'
import { precisionRecallF1 } from '../metrics.ts'
import { readRows } from '../train/injection.ts'

interface Case {
  text: string
  /** Four phrases that a person would choose, in lower case. */
  tags: string[]
}

const GIVEN = 4

export const evaluation: Evaluation = {
  set: 'tags',
  isOwn: true,
  skill: 'tags',
  method: `Own short texts, English and German, each with ${GIVEN} phrases that a person would choose. The first ${GIVEN} tags count; one is right when it is the phrase, case aside. Written for this evaluation by one of us: a check, no benchmark.`,
  references: {},
  async run({ test, chatModel }) {
    const cases = readRows<Case>(test, 'cases')
    const counts = { correct: 0, given: 0, wanted: 0 }
    for (const { text, tags: wanted } of cases) {
      const { tags } = await skills.tags.run({ document: plainDocument(text), limit: GIVEN }, chatModel ? { chatModel } : {})
      counts.given += tags.length
      counts.wanted += wanted.length
      counts.correct += tags.filter(({ tag }) => wanted.includes(tag.toLowerCase())).length
    }
    return [{ metric: `f1@${GIVEN}`, value: precisionRecallF1(counts).f1, n: counts.wanted }] satisfies Figure[]
  },
}
