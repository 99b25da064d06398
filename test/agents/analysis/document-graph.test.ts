import { describe, expect, test } from 'vitest'
import { extractGraph } from '../../../workers/agents/analysis/document-graph'
import { findSurfaces } from '../../../workers/agents/analysis/surfaces'
import type { Chunk } from '../../../workers/domain/knowledge'
import { misplaced } from '../../../workers/domain/knowledge-graph'

const chunk = (text: string, at: number): Chunk => ({
  id: `chk_${at}`,
  text,
  context: '',
  span: { page: 1, start: 0, end: text.length, quote: text },
})
const TEXTS = [
  'Mary Jones, chief executive of Acme Ltd, lives in London. Her office is in Paris.',
  'Yesterday Jones said that Acme Ltd had opened a shop in Manchester.',
  'Write to sales@acme.example or call us. The invoice of 5 March 2024 over 100 EUR is paid.',
]

describe('the graph of a document', () => {
  test('has entities with exact places in every passage, and a surname means its only bearer', async () => {
    const chunks = TEXTS.map(chunk)
    const graph = await extractGraph(chunks)
    expect(misplaced(graph, TEXTS)).toBeUndefined()
    const mary = graph.entities.find(({ name }) => name === 'Mary Jones')
    expect(mary).toMatchObject({ type: 'person' })
    expect(mary?.mentions.map(({ chunk: at, start, end }) => [at, TEXTS[at]?.slice(start, end)])).toEqual([
      [0, 'Mary Jones'],
      [1, 'Jones'],
    ])
    expect(graph.entities.find(({ name }) => name === 'sales@acme.example')).toMatchObject({ type: 'email', mentions: [{ chunk: 2 }] })
  })

  test('has the stated relations, and neither dates nor amounts', async () => {
    const { entities, relations } = await extractGraph(TEXTS.map(chunk))
    const stated = relations.map(({ head, type, tail, chunk: at }) => [entities[head]?.name, type, entities[tail]?.name, at])
    expect(stated).toContainEqual(['Mary Jones', 'works_for', 'Acme Ltd', 0])
    expect(JSON.stringify(entities)).not.toMatch(/2024-03-05|100 EUR/)
  })

  test('is the same each time, and empty for a document without names', async () => {
    expect(await extractGraph(TEXTS.map(chunk))).toEqual(await extractGraph(TEXTS.map(chunk)))
    expect(await extractGraph([chunk('it is late and the tea is cold', 0)])).toEqual({ entities: [], relations: [] })
    expect(await extractGraph([])).toEqual({ entities: [], relations: [] })
  })

  test('of a very long document is read in parts, and holds names of its last page', async () => {
    const filler = 'the quick brown fox jumps over the lazy dog again and again until the evening comes. '.repeat(12)
    const long = Array.from({ length: 300 }, (_, at) => chunk(at === 0 || at === 299 ? `Mary Jones leads Acme Ltd. ${filler}` : filler, at))
    const { entities } = await extractGraph(long)
    expect(entities.find(({ name }) => name === 'Mary Jones')?.mentions.map((mention) => mention.chunk)).toEqual([0, 299])
  })
})

describe('finding names', () => {
  const find = findSurfaces([['Acme'], ['Acme Ltd', 'ACME Ltd.'], ['will']])

  test('takes the longest at each place, in its own letters and between words only', () => {
    const text = 'Acme Ltd and ACME Ltd. but not Acmeland; Will will.'
    expect(find(text).map(({ owner, start, end }) => [owner, text.slice(start, end)])).toEqual([
      [1, 'Acme Ltd'],
      [1, 'ACME Ltd.'],
      [2, 'will'],
    ])
  })
})
