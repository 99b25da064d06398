import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { AppError } from '../../workers/domain/error'
import type { ChatAnswer, ChatModel, ChatRequest } from '../../workers/domain/models'
import { estimateTokens } from '../../workers/domain/token-estimate'
import { askOrElse, type Question } from '../../workers/skills/ask'
import { splitText } from '../../workers/skills/long-text'
import { createFakePrompts } from '../fakes/prompts'

const Words = z.object({ words: z.array(z.string()) })
type Words = z.infer<typeof Words>
const question = (document: string, more: Partial<Question<Words>> = {}): Question<Words> => ({
  name: 'words',
  task: 'List the marked words.',
  document,
  origin: { kind: 'document', id: 'doc_words' },
  answer: Words,
  ...more,
})
const content = (request: ChatRequest) => request.messages.map((message) => message.content).join('\n')

/** Finds the words with a hash in what it is given, and refuses prompts over its size. */
function finder(contextTokens: number, reallyReads = contextTokens): ChatModel & { requests: ChatRequest[] } {
  const requests: ChatRequest[] = []
  return {
    requests,
    capacity: async () => ({ contextTokens, maxOutputTokens: 500 }),
    async complete(request): Promise<ChatAnswer> {
      requests.push(request)
      if (estimateTokens(content(request)) > reallyReads) throw new AppError('too_large', 'Too long.', { reason: 'context' })
      const json = { words: [...new Set(content(request).match(/#\w+/g) ?? [])] }
      return {
        text: '',
        json,
        toolCalls: [],
        finish: 'stop',
        provider: 'finder',
        model: 'm',
        route: 'finder',
        inputTokens: 1,
        outputTokens: 1,
        latencyMs: 1,
      }
    },
  }
}
const filler = Array.from({ length: 400 }, (_, at) => `Paragraph ${at} says nothing of interest to anybody at all.`)
const long = ['#first', ...filler.slice(0, 200), '#middle', ...filler.slice(200), '#last'].join('\n\n')
const ask = (model: ChatModel, asked: Question<Words>) =>
  askOrElse(
    { chatModel: model },
    () => asked,
    (value) => value,
    () => ({ words: ['embedded'] }),
  )

describe('a long text', () => {
  it('is read in parts that fit, all of it, and the answer says in how many', async () => {
    const model = finder(2_000)
    const answer = await ask(model, question(long))
    expect(answer).toMatchObject({ words: ['#first', '#middle', '#last'], provider: 'finder', degraded: false })
    expect(answer.parts).toBeGreaterThan(2)
    expect(model.requests.every((request) => estimateTokens(content(request)) < 2_000)).toBe(true)
  })

  it('is read at once by a model that can, and then nothing is said of parts', async () => {
    const model = finder(100_000)
    expect(await ask(model, question(long))).not.toHaveProperty('parts')
    expect(model.requests).toHaveLength(1)
  })

  it('is merged by the skill where it knows how', async () => {
    const model = finder(2_000)
    const merge = (answers: Words[]) => ({ words: [...new Set(answers.flatMap(({ words }) => words))] })
    const answer = await ask(model, question(long, { merge }))
    expect(answer.words).toEqual(['#first', '#middle', '#last'])
    expect(model.requests.length).toBe(answer.parts)
  })

  it('is cut smaller when the provider counts more tokens than were estimated', async () => {
    const answer = await ask(finder(8_000, 2_000), question(long))
    expect(answer).toMatchObject({ words: ['#first', '#middle', '#last'], degraded: false })
  })

  it('goes to the embedded way, degraded, when it has too many parts', async () => {
    expect(await ask(finder(600), question(long.repeat(40)))).toMatchObject({ words: ['embedded'], degraded: true })
  })
})

describe('parts of a text', () => {
  it.each([
    ['paragraphs', long],
    ['one line', Array.from({ length: 3_000 }, (_, at) => `word${at}`).join(' ')],
    ['one word', Array.from({ length: 4_000 }, (_, at) => at.toString(36)).join('')],
    ['a script without spaces', String.fromCodePoint(...Array.from({ length: 4_000 }, (_, at) => 0x4e00 + at))],
    ['signs of two halves', String.fromCodePoint(...Array.from({ length: 3_000 }, (_, at) => 0x20000 + at))],
  ])('of %s hold all of it and keep to their size', (_, text) => {
    const parts = splitText(text, 500)
    expect(parts.length).toBeGreaterThan(2)
    expect(parts.every((part) => estimateTokens(part) <= 500)).toBe(true)
    let at = 0
    for (const part of parts) {
      const next = text.indexOf(part, Math.max(0, at - part.length))
      expect(next).toBeGreaterThanOrEqual(0)
      expect(next).toBeLessThanOrEqual(at)
      at = Math.max(at, next + part.length)
    }
    expect(at).toBe(text.length)
    expect(parts.join('')).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/)
  })
})

describe('which model and which prompt', () => {
  it('asks the next model when two answers of the first do not fit', async () => {
    const asked: (readonly string[] | undefined)[] = []
    const chatModel: ChatModel = {
      async complete({ avoid }) {
        asked.push(avoid)
        const isSecond = avoid?.includes('one') ?? false
        const json = isSecond ? { words: ['fits'] } : { wrong: 1 }
        return {
          text: '',
          json,
          toolCalls: [],
          finish: 'stop',
          provider: 'p',
          model: 'm',
          route: isSecond ? 'two' : 'one',
          inputTokens: 1,
          outputTokens: 1,
          latencyMs: 1,
        }
      },
    }
    expect(await ask(chatModel, question('text'))).toMatchObject({ words: ['fits'], degraded: false })
    expect(asked).toEqual([undefined, undefined, ['one']])
  })

  it('takes the embedded way, not degraded, where no model is configured', async () => {
    const none: ChatModel = { complete: () => Promise.reject(new Error('not asked')), capacity: async () => undefined }
    expect(await ask(none, question('text'))).toMatchObject({ words: ['embedded'], degraded: false })
  })

  it('uses the version that the run is pinned to, with its variables, and records what became of it', async () => {
    const prompts = createFakePrompts()
    const model = finder(100_000)
    const asked = question('no marks', { task: 'List words like {{ like }}.', variables: { like: '#this' } })
    const run = (runId: string) =>
      askOrElse(
        { chatModel: model, prompts, runId },
        () => asked,
        (value) => value,
        () => ({ words: [] }),
      )
    await run('run_1')
    await prompts.save('words', { text: 'Find {{ like }} now. {{ task }}', tests: [], weight: 'all' }, 'usr_1', undefined)
    await run('run_1')
    await run('run_2')
    const tasks = model.requests.map(({ messages, prompt }) => [prompt?.version, messages[0]?.content.split('\n')[0]])
    expect(tasks).toEqual([
      [1, 'List words like #this.'],
      [1, 'List words like #this.'],
      [2, 'Find #this now. List words like #this.'],
    ])
    expect(await prompts.outcomes('words')).toMatchObject([
      { version: 1, runs: 1, answered: 2 },
      { version: 2, runs: 1, answered: 1 },
    ])
  })

  it('lets answers be kept only where the documents are named', async () => {
    const model = finder(100_000)
    await ask(model, question('text'))
    await ask(model, question('text', { documentIds: ['doc_1'], asked: 'which?' }))
    expect(model.requests.map(({ cache }) => cache)).toEqual([false, { documentIds: ['doc_1'], question: 'which?' }])
  })
})
