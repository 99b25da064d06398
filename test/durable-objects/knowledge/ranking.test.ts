import { describe, expect, it } from 'vitest'
import { attainable, type CollectionTerms, contributionsOf, sumOf } from '../../../durable-objects/knowledge/bm25'
import { expandQuestion } from '../../../durable-objects/knowledge/feedback'
import { passageOf } from '../../../durable-objects/knowledge/passages'
import { rankPassages } from '../../../durable-objects/knowledge/ranking'

const TRUST = { vectorWeight: 0.3, leastProduct: 0.2, halfTrustLength: 0 }

function collectionOf(texts: string[]) {
  const passages = texts.map((text, at) => passageOf({ number: at + 1, text, context: '' }))
  const collection: CollectionTerms = {
    passages: passages.length,
    averageLength: passages.reduce((sum, { length }) => sum + length, 0) / passages.length,
    frequencyOf: (term) => passages.filter(({ terms }) => terms.has(term)).length,
  }
  return { passages, collection }
}
const question = (...terms: string[]) => new Map(terms.map((term) => [term, 1]))
const order = (texts: string[], weights: Map<string, number>, products: [number, number][] = [], trust = TRUST) => {
  const { passages, collection } = collectionOf(texts)
  return rankPassages(passages, weights, new Map(products), collection, trust).map(({ number }) => number)
}

describe('BM25', () => {
  it('prefers rare words, more of them, and shorter passages', () => {
    expect(order(['cat dog', 'cat bird', 'cat fish'], question('cat', 'bird'))[0]).toBe(2)
    const long = Array.from({ length: 200 }, (_, at) => `word${at}`).join(' ')
    expect(order([`bird ${long}`, 'bird tree sky'], question('bird'))[0]).toBe(2)
  })

  it('stays below what is attainable', () => {
    const { passages, collection } = collectionOf(['cat cat cat cat', 'dog'])
    const weights = question('cat', 'nowhere')
    for (const passage of passages)
      expect(sumOf(contributionsOf(passage, weights, collection))).toBeLessThan(attainable(weights, collection))
  })

  it('counts a heading half', () => {
    expect(passageOf({ number: 1, text: 'one two', context: 'two three' })).toEqual({
      number: 1,
      terms: new Map([
        ['on', 1],
        ['two', 1.5],
        ['three', 0.5],
      ]),
      length: 3,
    })
  })
})

describe('feedback', () => {
  const filler = (name: string) => Array.from({ length: 80 }, (_, at) => `${name}${at}`).join(' ')
  const texts = [
    `heat conduction slab composite ${filler('one')}`,
    `composite slab lamina laminate ${filler('two')}`,
    `weather report sunny ${filler('three')}`,
    ...Array.from({ length: 30 }, (_, at) => `other${at} matter${at} thing${at}`),
  ]

  it('adds terms that the best passages share, and leaves the question at least half of the weight', () => {
    const { passages, collection } = collectionOf(texts)
    const weights = question('heat', 'conduct')
    const scored = passages.slice(0, 1).map((passage) => ({ passage, score: 5 }))
    const expanded = expandQuestion(weights, scored, collection)
    expect(expanded.get('slab')).toBeGreaterThan(0)
    expect(expanded.get('composit')).toBeGreaterThan(0)
    expect((expanded.get('heat') ?? 0) + (expanded.get('conduct') ?? 0)).toBeGreaterThanOrEqual(0.5)
    expect([...expanded.values()].reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10)
  })

  it('finds a passage without any word of the question by what its best passage says', () => {
    const ids = order(texts, question('heat', 'conduct'))
    expect(ids.slice(0, 2)).toEqual([1, 2])
  })

  it('does not follow a few words', () => {
    const { passages, collection } = collectionOf(['heat slab', 'slab lamina', 'sunny day', 'rain day'])
    const [first] = passages
    const expanded = expandQuestion(question('heat'), first === undefined ? [] : [{ passage: first, score: 5 }], collection)
    expect(expanded.get('slab') ?? 0).toBeLessThan(0.01)
  })
})

describe('words and meaning together', () => {
  it('lets meaning decide between passages alike in words', () => {
    expect(
      order(['bird tree', 'bird bush'], question('bird'), [
        [1, 0.3],
        [2, 0.8],
      ])[0],
    ).toBe(2)
  })

  it('puts a passage with all words before one that is only alike', () => {
    expect(order(['bird tree', 'wing feather'], question('bird', 'tree'), [[2, 0.9]])[0]).toBe(1)
  })

  it('finds by meaning alone where no passage has a word, and drops what is not alike', () => {
    expect(
      order(['wing feather', 'stone rock'], question('bird'), [
        [1, 0.9],
        [2, 0.1],
      ]),
    ).toEqual([1])
  })

  it('trusts vectors less among short passages where the encoder needs more', () => {
    const products: [number, number][] = [[2, 0.9]]
    const words = ['bird tree sky', 'wing feather']
    const trusting = { ...TRUST, vectorWeight: 3 }
    expect(order(words, question('bird'), products, trusting)[0]).toBe(2)
    expect(order(words, question('bird'), products, { ...trusting, halfTrustLength: 100 })[0]).toBe(1)
  })
})

describe('among short passages', () => {
  it('chooses hits that complete each other', () => {
    const texts = ['alpha beta', 'alpha beta too', 'gamma', ...Array.from({ length: 20 }, (_, at) => `noise${at} more${at}`)]
    expect(order(texts, question('alpha', 'beta', 'gamma')).slice(0, 2)).toEqual([1, 3])
  })

  it('gives scores that never rise', () => {
    const { passages, collection } = collectionOf(['alpha beta', 'alpha beta too', 'beta gamma', 'gamma delta', 'alpha'])
    const scores = rankPassages(passages, question('alpha', 'beta', 'gamma', 'delta'), new Map(), collection, TRUST).map(
      ({ score }) => score,
    )
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
  })
})
