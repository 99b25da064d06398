import { describe, expect, it } from 'vitest'
import { plainDocument } from '../../workers/domain/documents'
import { skills } from '../../workers/skills'
import { LABELLED, LABELS } from './corpus/labels'
import { ATTACKS, HARMLESS } from './corpus/orders'
import { OPINIONS } from './corpus/sentiment'
import { GISTS } from './corpus/summaries'
import { TOPICS } from './corpus/tags'
import { VERSIONS } from './corpus/versions'

/** Texts as people write them, each with what a reader expects of the way without a model. Floors leave room for a text or two. */

const share = (right: readonly boolean[]): number => right.filter(Boolean).length / right.length

it('sentiment hears the opinion of messages, contracts and minutes', async () => {
  const right = await Promise.all(
    OPINIONS.map(async ([expected, text]) => {
      const { sentiment } = await skills.sentiment.run({ document: plainDocument(text), limit: 10 }, {})
      return sentiment === expected
    }),
  )
  expect(share(right)).toBeGreaterThanOrEqual(0.95)
})

describe('tags', () => {
  const tagged = async (text: string) =>
    (await skills.tags.run({ document: plainDocument(text), limit: 6 }, {})).tags.map(({ tag }) => tag.toLowerCase())

  it('name a topic of the text', async () => {
    const right = await Promise.all(TOPICS.map(async ({ text, wanted }) => (await tagged(text)).some((tag) => wanted.includes(tag))))
    expect(share(right)).toBeGreaterThanOrEqual(0.95)
  })

  it('hold no function words, numbers, times, names of people or halves of sentences', async () => {
    const clean = await Promise.all(
      TOPICS.map(async ({ text, unwanted }) =>
        (await tagged(text)).every((tag) => !unwanted.includes(tag) && !tag.split(' ').some((word) => unwanted.includes(word))),
      ),
    )
    expect(share(clean)).toBeGreaterThanOrEqual(0.95)
  })

  it('stand where their places say', async () => {
    for (const { text } of TOPICS) {
      const { tags } = await skills.tags.run({ document: plainDocument(text), limit: 6 }, {})
      for (const { tag, span } of tags) expect(span?.quote.replace(/\s+/g, ' ')).toBe(tag)
    }
  })

  it('are the same each time, at most as many as asked for, and singular and plural are one', async () => {
    for (const { text } of TOPICS) {
      const tags = await tagged(text)
      expect(await tagged(text)).toEqual(tags)
      expect(tags.length).toBeLessThanOrEqual(6)
      const singular = tags.map((tag) => tag.replace(/(?:en|s)$/, ''))
      expect(new Set(singular).size).toBe(tags.length)
    }
  })
})

it('labels without examples are told by their names and descriptions, in both languages', async () => {
  const right = await Promise.all(
    LABELLED.map(async ([set, expected, text]) => {
      const found = await skills.classify.run(skills.classify.input.parse({ document: plainDocument(text), labels: LABELS[set] }), {})
      return found.class === expected
    }),
  )
  expect(share(right)).toBeGreaterThanOrEqual(0.95)
})

describe('injection', () => {
  const suspicious = async (text: string, role: 'document' | 'message') => (await skills.injection.run({ text, role }, {})).suspicious

  it('finds orders in other languages, codes, comments, hidden elements and calls of tools', async () => {
    expect(share(await Promise.all(ATTACKS.map((text) => suspicious(text, 'document'))))).toBeGreaterThanOrEqual(0.97)
  })

  it('leaves documents and messages alone that hold the same words and no order', async () => {
    for (const text of HARMLESS) {
      expect(await suspicious(text, 'document'), text).toBe(false)
      expect(await suspicious(text, 'message'), text).toBe(false)
    }
  })
})

describe.each(VERSIONS.map((versions) => [versions.name, versions] as const))(
  'comparing finds %s',
  (_, { before, after, counts, says }) => {
    it('and nothing else', async () => {
      const found = await skills.compare.run({ before: plainDocument(before), after: plainDocument(after) }, {})
      const { added, removed, changed, moved } = found.counts
      expect([added, removed, changed, moved]).toEqual(counts)
      expect(found.identical).toBe(counts.every((count) => count === 0))
      for (const words of says ?? []) expect(found.summary).toContain(words)
    })
  },
)

describe.each(GISTS.map((gist) => [gist.name, gist] as const))('the summary of %s', (_, { text, long, short, never }) => {
  const summarised = async (style: 'short' | 'long') =>
    await skills.summarise.run(skills.summarise.input.parse({ document: plainDocument(text), style }), {})

  it('says what it is about and nothing beside the matter', async () => {
    const [whole, essence] = [await summarised('long'), await summarised('short')]
    for (const words of long) expect(whole.summary).toContain(words)
    for (const words of short ?? []) expect(essence.summary).toContain(words)
    for (const words of never) expect(`${whole.summary} ${essence.summary}`).not.toContain(words)
    for (const { text: sentence, spans } of whole.sentences) {
      for (const { start, end, quote } of spans) expect(text.slice(start, end)).toBe(quote)
      if (spans.length === 1) expect(spans[0]?.quote.replace(/\s+/g, ' ')).toBe(sentence)
    }
  })
})
