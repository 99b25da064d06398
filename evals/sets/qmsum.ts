import { plainDocument } from '../../workers/domain/documents'
import type { ChatModel } from '../../workers/domain/models'
import { skills } from '../../workers/skills'
import { splitSentences } from '../../workers/skills/sentences'
import type { Evaluation, Figure } from '../evaluation.ts'
import { mean, precisionRecallF1 } from '../metrics.ts'
import { readRows } from '../train/injection.ts'

interface Meeting {
  topic_list: { relevant_text_span: [string, string][] }[]
  general_query_list: { query: string; answer: string }[]
  meeting_transcripts: { speaker: string; content: string }[]
}

/** The styles, each held against the lead of as many sentences. */
const STYLES = ['long', 'short', 'bullets'] as const
type Style = (typeof STYLES)[number]

/** The transcript as a document, and where each turn stands in it. */
function documentOf({ meeting_transcripts: turns }: Meeting) {
  let text = ''
  const starts = turns.map(({ speaker, content }) => {
    const start = text.length
    text += `${speaker}: ${content.replace(/\{\w+\}/g, '').replace(/ ([.,?!'])/g, '$1')}\n`
    return start
  })
  return { text, turnAt: (at: number) => starts.findLastIndex((start) => start <= at) }
}

/** Share of the topics from which at least one of the turns is taken. */
const topicsTouched = ({ topic_list: topics }: Meeting, turns: readonly number[]): number =>
  mean(
    topics.map(({ relevant_text_span: spans }) =>
      Number(spans.some(([from, to]) => turns.some((turn) => turn >= Number(from) && turn <= Number(to)))),
    ),
  )

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** ROUGE-1 F1: words in common, each as often as both have it (Lin 2004). */
function rouge1(given: string, wanted: string): number {
  const left = new Map<string, number>()
  for (const word of wordsOf(wanted)) left.set(word, (left.get(word) ?? 0) + 1)
  let correct = 0
  for (const word of wordsOf(given)) {
    const count = left.get(word) ?? 0
    if (count > 0) correct += 1
    left.set(word, count - 1)
  }
  return precisionRecallF1({ correct, given: wordsOf(given).length, wanted: wordsOf(wanted).length }).f1
}

/** ROUGE-L F1: the longest common subsequence of words (Lin 2004, one sequence a summary, no stemming). */
function rougeL(given: string, wanted: string): number {
  const [left, right] = [wordsOf(given), wordsOf(wanted)]
  let row = new Array<number>(right.length + 1).fill(0)
  for (const word of left) {
    const next = [0]
    for (const [at, other] of right.entries()) next.push(word === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0))
    row = next
  }
  return precisionRecallF1({ correct: row.at(-1) ?? 0, given: left.length, wanted: right.length }).f1
}

interface Scores {
  touched: number
  rouge1: number
  rougeL: number
}

async function scoresOf(meeting: Meeting, style: Style, chatModel: ChatModel | undefined): Promise<{ own: Scores; lead: Scores }> {
  const { text, turnAt } = documentOf(meeting)
  const wanted = meeting.general_query_list[0]?.answer ?? ''
  const score = (summary: string, starts: number[]): Scores => ({
    touched: topicsTouched(meeting, starts.map(turnAt)),
    rouge1: rouge1(summary, wanted),
    rougeL: rougeL(summary, wanted),
  })
  const input = { document: plainDocument(text), class: 'other', fields: [], style }
  const { summary, sentences } = await skills.summarise.run(input, chatModel ? { chatModel } : {})
  const lead = splitSentences(text).slice(0, sentences.length)
  return {
    own: score(
      summary,
      sentences.flatMap(({ spans }) => spans.map(({ start }) => start)),
    ),
    lead: score(
      lead.map((sentence) => sentence.text).join(' '),
      lead.map(({ start }) => start),
    ),
  }
}

export const evaluation: Evaluation = {
  set: 'meetings_qmsum',
  skill: 'summarise',
  method:
    'Whole meetings (up to 20,000 words of speech) in each style. Topics touched: share of the topics marked in a meeting from which a sentence was taken. ROUGE-1 and ROUGE-L F1 against the answer to the first question about the whole meeting. Lead: the same for as many sentences from the beginning, the classical baseline. Without a style: long. Nothing is learned.',
  references: {},
  async run({ test, chatModel }) {
    const meetings = readRows<Meeting>(test, 'meetings').filter(({ general_query_list: [first] }) => first !== undefined)
    const figures: Figure[] = []
    for (const style of STYLES) {
      const scores: Awaited<ReturnType<typeof scoresOf>>[] = []
      for (const meeting of meetings) scores.push(await scoresOf(meeting, style, chatModel))
      const figure = (metric: string, pick: (score: (typeof scores)[number]) => number) =>
        figures.push({ metric, value: mean(scores.map(pick)), n: scores.length })
      if (style === 'long') {
        figure('topics touched', ({ own }) => own.touched)
        figure('rouge-1 f1', ({ own }) => own.rouge1)
        figure('topics touched (lead)', ({ lead }) => lead.touched)
        figure('rouge-1 f1 (lead)', ({ lead }) => lead.rouge1)
      }
      figure(`rouge-l f1 (${style})`, ({ own }) => own.rougeL)
      figure(`rouge-l f1 (${style}, lead)`, ({ lead }) => lead.rougeL)
    }
    return figures
  },
}
