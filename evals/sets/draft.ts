import { skills } from '../../workers/skills'
import type { DraftInput } from '../../workers/skills/draft/schema'
import type { Evaluation, Figure } from '../evaluation.ts'
import { share } from '../metrics.ts'
import { readRows } from '../train/injection.ts'

const FIGURE = /\d+(?:[.,:/-]\d+)*/g
const flat = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ')

/** A mail greets, names whom it is to, and is signed. */
function hasForm({ kind, to, from }: DraftInput, text: string): boolean {
  const [first = ''] = text.split('\n')
  const isGreeting = /^(?:hello|dear|hi|good|guten|hallo|sehr|liebe)/i.test(first)
  if (kind !== 'mail') return !isGreeting
  return isGreeting && (to === undefined || first.includes(to)) && (from === undefined || text.trimEnd().endsWith(from))
}

export const evaluation: Evaluation = {
  set: 'draft',
  isOwn: true,
  skill: 'draft',
  method:
    'Own cases, English and German. Facts stated: share of the values that stand in the text, white space and case aside. Nothing invented: share of drafts without a figure that neither facts nor purpose have. Form: a mail greets, names its reader first and its writer last; a note or section does not greet. The embedded way lists the facts, so these figures say that nothing is lost or invented, not that it reads well.',
  references: {},
  async run({ test, chatModel }) {
    const cases = readRows<DraftInput & { id: string }>(test, 'cases')
    const stated: boolean[] = []
    const honest: boolean[] = []
    const formed: boolean[] = []
    for (const row of cases) {
      const input = skills.draft.input.parse(row)
      const { text } = await skills.draft.run(input, chatModel ? { chatModel } : {})
      stated.push(...input.facts.map(({ value }) => flat(text).includes(flat(value))))
      const known = `${input.purpose} ${input.to ?? ''} ${input.from ?? ''} ${input.facts.map(({ name, value }) => `${name} ${value}`).join(' ')}`
      honest.push((text.match(FIGURE) ?? []).every((figure) => known.includes(figure)))
      formed.push(hasForm(input, text))
    }
    return [
      { metric: 'facts stated', value: share(stated), n: stated.length },
      { metric: 'nothing invented', value: share(honest), n: honest.length },
      { metric: 'form', value: share(formed), n: formed.length },
    ] satisfies Figure[]
  },
}
