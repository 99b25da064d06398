import { describe, expect, test } from 'vitest'
import { type DocumentGraph, entityKey, misplaced } from '../../workers/domain/knowledge-graph'

describe('the key of an entity', () => {
  test.each([
    ['The Société Générale', 'societe generale'],
    ['Anna  Keller’s', 'anna keller'],
    ["Acme's Ltd.", 'acme ltd'],
    ['ACME, Ltd', 'acme ltd'],
    ['ada@acme.example', 'ada@acme example'],
    ['The', 'the'],
    ['— …', ''],
  ])('of %s is %s', (name, key) => {
    expect(entityKey(name)).toBe(key)
  })
})

describe('a graph', () => {
  const graph = (more: Partial<DocumentGraph>): DocumentGraph => ({
    entities: [{ name: 'Acme', type: 'organisation', mentions: [{ chunk: 0, start: 0, end: 4 }] }],
    relations: [],
    ...more,
  })
  const relation = { type: 'near', head: 0, tail: 0, chunk: 0, confidence: 1 }

  test('lies within its document', () => {
    expect(misplaced(graph({ relations: [relation] }), ['Acme'])).toBeUndefined()
  })

  test.each([
    ['a text that is too short', graph({}), ['Acm']],
    ['no text', graph({}), []],
    ['an entity that is not there', graph({ relations: [{ ...relation, tail: 1 }] }), ['Acme']],
    ['a chunk that is not there', graph({ relations: [{ ...relation, chunk: 1 }] }), ['Acme']],
  ])('is told when it points to %s', (_, wrong, texts) => {
    expect(misplaced(wrong, texts)).toBeDefined()
  })
})
