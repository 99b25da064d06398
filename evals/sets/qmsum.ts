import { skills } from '../../workers/skills'
import { splitSentences } from '../../workers/skills/sentences'
import type { Evaluation, Figure } from '../evaluation.ts'
import { mean, precisionRecallF1 } from '../metrics.ts'
import { plainDocument } from '../plain-document.ts'
import { readRows } from '../train/injection.ts'

interface Meeting {
  topic_list: { relevant_text_span: [string, string][] }[]
  general_query_list: { query: string; answer: string }[]
  meeting_transcripts: { speaker: string; content: string }[]
}

/** What the style `long` gives without a model. */
const SENTENCES = 7

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

export const evaluation: Evaluation = {
  set: 'meetings_qmsum',
  skill: 'summarise',
  method:
    'Whole meetings (up to 20,000 words of speech), style long, seven sentences. Topics touched: share of the topics marked in a meeting from which a sentence was taken. ROUGE-1 F1 against the answer to the first question about the whole meeting. Lead: the same for the first seven sentences, the classical baseline. Nothing is learned.',
  references: {},
  async run({ test, chatModel }) {
    const meetings = readRows<Meeting>(test, 'meetings').filter(({ general_query_list: [first] }) => first !== undefined)
    const figures = { touched: [] as number[], rouge: [] as number[], leadTouched: [] as number[], leadRouge: [] as number[] }
    for (const meeting of meetings) {
      const { text, turnAt } = documentOf(meeting)
      const wanted = meeting.general_query_list[0]?.answer ?? ''
      const context = chatModel ? { chatModel } : {}
      const answer = await skills.summarise.run({ document: plainDocument(text), class: 'other', fields: [], style: 'long' }, context)
      figures.touched.push(
        topicsTouched(
          meeting,
          answer.sentences.flatMap(({ spans }) => spans.map(({ start }) => turnAt(start))),
        ),
      )
      figures.rouge.push(rouge1(answer.summary, wanted))
      const lead = splitSentences(text).slice(0, SENTENCES)
      figures.leadTouched.push(
        topicsTouched(
          meeting,
          lead.map(({ start }) => turnAt(start)),
        ),
      )
      figures.leadRouge.push(rouge1(lead.map((sentence) => sentence.text).join(' '), wanted))
    }
    const n = meetings.length
    return [
      { metric: 'topics touched', value: mean(figures.touched), n },
      { metric: 'rouge-1 f1', value: mean(figures.rouge), n },
      { metric: 'topics touched (lead)', value: mean(figures.leadTouched), n },
      { metric: 'rouge-1 f1 (lead)', value: mean(figures.leadRouge), n },
    ] satisfies Figure[]
  },
}
