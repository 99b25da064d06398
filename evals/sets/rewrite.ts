import { skills } from '../../workers/skills'
import type { RewriteStyle } from '../../workers/skills/rewrite/schema'
import type { Evaluation, Figure } from '../evaluation.ts'
import { share } from '../metrics.ts'
import { readRows } from '../train/injection.ts'

interface Case {
  id: string
  style: RewriteStyle
  text: string
  /** Words that must still be there. */
  keep: string[]
  /** Words that the style cannot leave, in lower case. */
  gone: string[]
}

const FIGURE = /\d+(?:[.,:/-]\d+)*/g
const figuresOf = (text: string): string => [...new Set(text.match(FIGURE) ?? [])].sort().join(' ')

export const evaluation: Evaluation = {
  set: 'rewrite',
  isOwn: true,
  skill: 'rewrite',
  method:
    'Own cases, English and German, written with the styles in mind and not with the list of phrases at hand; a third asks for more than a list of phrases can do. Figures kept: the figures of text and answer are the same. Kept: share of cases in which all words that carry the meaning remain. Style: share of the words that the style cannot leave which are gone. Length: characters left of texts to be shortened (less is shorter).',
  references: {},
  async run({ test, chatModel }) {
    const cases = readRows<Case>(test, 'cases')
    const done: { text: string; row: Case }[] = []
    for (const row of cases) {
      const { text } = await skills.rewrite.run({ text: row.text, style: row.style }, chatModel ? { chatModel } : {})
      done.push({ text, row })
    }
    const gone = done.flatMap(({ text, row }) => row.gone.map((words) => !text.toLowerCase().includes(words)))
    const shortened = done.filter(({ row }) => row.style === 'shorter' && row.gone.length > 0)
    const length = (of: (entry: (typeof done)[number]) => string) => shortened.reduce((sum, entry) => sum + of(entry).length, 0)
    return [
      { metric: 'figures kept', value: share(done.map(({ text, row }) => figuresOf(text) === figuresOf(row.text))), n: done.length },
      {
        metric: 'kept',
        value: share(done.map(({ text, row }) => row.keep.every((words) => text.toLowerCase().includes(words.toLowerCase())))),
        n: done.length,
      },
      { metric: 'style', value: share(gone), n: gone.length },
      {
        metric: 'length',
        value:
          length(({ text }) => text) /
          Math.max(
            1,
            length(({ row }) => row.text),
          ),
        n: shortened.length,
      },
    ] satisfies Figure[]
  },
}
