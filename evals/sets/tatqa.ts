import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Passage } from '../../workers/domain/citations'
import { skills } from '../../workers/skills'
import type { AnswerOutput } from '../../workers/skills/answer/schema'
import type { Evaluation, Figure } from '../evaluation.ts'
import { isExact, wordF1 } from '../xquad.ts'

interface Context {
  table: { uid: string; table: string[][] }
  paragraphs: { uid: string; order: number; text: string }[]
  questions: { question: string; answer: unknown; answer_type: string; answer_from: string }[]
}

/** Financial reports: questions whose answer is one stretch of a text or one cell of a table. */
export const evaluation: Evaluation = {
  set: 'finance_tatqa',
  skill: 'answer',
  method:
    'Questions of answer type span, asked of the paragraphs and the table (a row a line, cells parted by tabs) of their own context, by words alone without the encoder. ' +
    'F1 and exact match are those of the short answer (of the sentence where there is none), 0 for an abstention. Nothing was learned on this set. Questions that need arithmetic, counting or several spans are left out: the embedded way does not compute.',
  references: { 'f1 (span)': { published: 'all question types: TagOp 0.580, people 0.908 (test)' } },
  async run({ test, chatModel }) {
    const asked: { from: string; gold: string; said: AnswerOutput }[] = []
    for (const context of readContexts(test)) {
      const passages = passagesOf(context)
      for (const { question, answer, answer_type: type, answer_from: from } of context.questions) {
        const gold = Array.isArray(answer) && answer.length === 1 ? String(answer[0]) : undefined
        if (type !== 'span' || gold === undefined) continue
        asked.push({
          from,
          gold,
          said: await skills.answer.run(skills.answer.input.parse({ question, passages }), { ...(chatModel && { chatModel }) }),
        })
      }
    }
    const mean = (metric: string, chosen: typeof asked, value: (each: (typeof asked)[number]) => number): Figure => ({
      metric,
      value: chosen.reduce((sum, each) => sum + value(each), 0) / Math.max(1, chosen.length),
      n: chosen.length,
    })
    const f1 = ({ said, gold }: (typeof asked)[number]) => (said.abstained ? 0 : wordF1(said.short?.text ?? said.answer, gold))
    const answered = asked.filter(({ said }) => !said.abstained)
    const from = (place: string) => asked.filter((each) => each.from === place)
    return [
      mean('f1 (span)', asked, f1),
      mean('exact match (span)', asked, ({ said, gold }) => Number(!said.abstained && isExact(said.short?.text ?? said.answer, gold))),
      mean('f1 (span, text)', from('text'), f1),
      mean('f1 (span, table)', from('table'), f1),
      mean('answered', asked, ({ said }) => Number(!said.abstained)),
      mean('cited place holds the answer (of the answered)', answered, ({ said, gold }) =>
        Number(said.sentences.some(({ citations }) => citations.some(({ span }) => span.quote.includes(gold)))),
      ),
    ]
  },
}

const readContexts = (folder: string): Context[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('tatqa') && name.endsWith('.json'))
    .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Context[])

function passagesOf({ table, paragraphs }: Context): Passage[] {
  const rows = table.table.map((row) => row.map((cell) => cell.replace(/\s+/g, ' ').trim()).join('\t')).join('\n')
  return [...paragraphs.map(({ uid, text }) => ({ uid, text })), { uid: table.uid, text: rows }]
    .slice(0, 50)
    .map(({ uid, text }, index) => ({
      id: uid,
      documentId: 'context',
      name: 'report',
      text,
      context: '',
      span: { documentId: 'context', page: index + 1, start: 0, end: text.length, quote: text },
    }))
}
