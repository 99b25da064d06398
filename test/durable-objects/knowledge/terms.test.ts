import { expect, it } from 'vitest'
import { stem } from '../../../durable-objects/knowledge/stemmer'
import { termsOf } from '../../../durable-objects/knowledge/terms'

/** From the paper and its vocabulary. */
it.each([
  ['caresses', 'caress'],
  ['ponies', 'poni'],
  ['cats', 'cat'],
  ['feed', 'feed'],
  ['agreed', 'agre'],
  ['plastered', 'plaster'],
  ['motoring', 'motor'],
  ['sing', 'sing'],
  ['conflated', 'conflat'],
  ['hopping', 'hop'],
  ['falling', 'fall'],
  ['filing', 'file'],
  ['happy', 'happi'],
  ['sky', 'sky'],
  ['relational', 'relat'],
  ['conditional', 'condit'],
  ['vietnamization', 'vietnam'],
  ['triplicate', 'triplic'],
  ['hopefulness', 'hope'],
  ['adjustment', 'adjust'],
  ['adoption', 'adopt'],
  ['controlling', 'control'],
  ['probate', 'probat'],
  ['rate', 'rate'],
  ['is', 'is'],
])('%s becomes %s', (word, term) => {
  expect(stem(word)).toBe(term)
})

it('reads terms as the full-text index does', () => {
  expect(termsOf("The invoices' totals: 3,5 % — Müllers Café")).toEqual(['the', 'invoic', 'total', '3', '5', 'muller', 'cafe'])
  expect(termsOf('')).toEqual([])
})
