import { describe, expect, it } from 'vitest'
import { toMatchQuery } from '../../../durable-objects/knowledge/match-query'

describe('toMatchQuery', () => {
  it('asks for any of the telling words', () => {
    expect(toMatchQuery('What is the total of the invoice?')).toBe('"total" OR "invoice"')
    expect(toMatchQuery('Wie hoch ist die Rechnung für Müller?')).toBe('"hoch" OR "rechnung" OR "müller"')
  })

  it('keeps frequent words when there are no others', () => {
    expect(toMatchQuery('to be or not to be')).toBe('"to" OR "be" OR "or" OR "not"')
  })

  it('gives no meaning to the syntax of FTS5', () => {
    expect(toMatchQuery('"a1" AND b2* NEAR(c3, 2) text:d4 -e5 ^f6')).toBe(
      '"a1" OR "b2" OR "near" OR "c3" OR "2" OR "text" OR "d4" OR "e5" OR "f6"',
    )
  })

  it.each(['', '   ', '"', '***', '🚀', '\u0000', '—…'])('finds no word in %j', (text) => {
    expect(toMatchQuery(text)).toBeUndefined()
  })

  it('reads words of any script and composed letters alike', () => {
    expect(toMatchQuery('Ελλάδα Москва')).toBe('"ελλάδα" OR "москва"')
    expect(toMatchQuery('mu\u0308ller')).toBe(toMatchQuery('müller'))
  })

  it('takes a limited number of words from a pasted page', () => {
    const query = toMatchQuery(Array.from({ length: 5_000 }, (_, index) => `w${index}`).join(' '))
    expect(query?.split(' OR ')).toHaveLength(48)
  })
})
