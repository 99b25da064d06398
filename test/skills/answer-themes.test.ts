import { describe, expect, test } from 'vitest'
import { AppError } from '../../workers/domain/error'
import { answerThemes } from '../../workers/skills/answer/answer-themes'
import { type AskPorts, askCollection } from '../../workers/skills/answer/ask-collection'
import { AnswerOutput } from '../../workers/skills/answer/schema'
import { createFakeKnowledge } from '../fakes/knowledge'
import { scriptedModel } from './scripted-model'

const sentence = (id: string, text: string) => ({
  chunkId: id,
  documentId: 'doc_1',
  name: 'offices.txt',
  text,
  span: { page: 2, start: 10, end: 10 + text.length, quote: text },
})
const community = (id: number, title: string, texts: string[]) => ({
  id,
  title,
  size: 3,
  entities: [1, 2, 3],
  summary: texts.join(' '),
  relations: [],
  sentences: texts.map((text, at) => sentence(`chk_${id}_${at}`, text)),
})
const COMMUNITIES = [
  community(1, 'Acme, Lyon', ['Acme sits in Lyon.', 'Lyon has rivers.']),
  community(2, 'Zenith', ['Carl Vogel runs Zenith.']),
]
const encoder = { model: 'none', dimensions: 1, embed: async (texts: string[]) => texts.map(() => [1]) }
const ports: AskPorts = {
  knowledge: {
    ...createFakeKnowledge(),
    search: async (_, { mode }) => ({
      hits: mode === 'global' ? [{ ...sentence('chk_1_0', 'Acme sits in Lyon.'), context: '', score: 1, scores: {} }] : [],
      ...(mode === 'global' && { communities: COMMUNITIES }),
      trace: { stages: [{ name: 'graph', status: 'done', ms: 0 }], ms: 0 },
    }),
  },
  clock: { now: () => new Date(0) },
}
const asked = { collection: 'c', question: 'What is all this about?', mode: 'global' } as const

describe('an answer from communities', () => {
  test('quotes each before any twice, every sentence with its place', () => {
    const answer = AnswerOutput.parse(answerThemes(COMMUNITIES))
    expect(answer.sentences.map(({ text }) => text)).toEqual(['Acme sits in Lyon.', 'Carl Vogel runs Zenith.', 'Lyon has rivers.'])
    expect(answer.sentences[0]?.citations).toEqual([
      {
        passageId: 'chk_1_0',
        label: 'offices.txt, page 2',
        span: { documentId: 'doc_1', page: 2, start: 10, end: 28, quote: 'Acme sits in Lyon.' },
      },
    ])
  })

  test('is what a global question gets without a model, with the communities named', async () => {
    const answer = await askCollection(ports, asked, { encoder })
    expect(answer).toMatchObject({ abstained: false, provider: 'embedded', degraded: false })
    expect(answer.communities).toEqual([
      { id: 1, title: 'Acme, Lyon', size: 3 },
      { id: 2, title: 'Zenith', size: 3 },
    ])
    expect(answer.sentences).toHaveLength(3)
  })

  test('stands in for a model that does not answer, and says so', async () => {
    const answer = await askCollection(ports, asked, {
      encoder,
      chatModel: scriptedModel(new AppError('unavailable', 'The model is down.')),
    })
    expect(answer).toMatchObject({ abstained: false, provider: 'embedded', degraded: true })
    expect(answer.sentences).toHaveLength(3)
    expect(answer.trace.degraded).toBeDefined()
  })

  test('is not what other questions get', async () => {
    const answer = await askCollection(ports, { ...asked, mode: 'hybrid' }, { encoder })
    expect(answer).toMatchObject({ abstained: true, reason: 'no_sources' })
    expect(answer.communities).toBeUndefined()
  })
})
