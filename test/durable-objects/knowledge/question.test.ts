import { describe, expect, it } from 'vitest'
import { readQuestion, toMatchExpression } from '../../../durable-objects/knowledge/question'

const wordsOf = (text: string) => [...(readQuestion(text)?.words.values() ?? [])]

describe('readQuestion', () => {
  it('keeps the telling words', () => {
    expect(wordsOf('What is the total of the invoice?')).toEqual(['total', 'invoice'])
    expect(wordsOf('Wie hoch ist die Rechnung für Müller?')).toEqual(['hoch', 'rechnung', 'müller'])
  })

  it('counts forms of a word as one', () => {
    expect(readQuestion('Invoice, invoices, invoicing: payments')?.weights).toEqual(
      new Map([
        ['invoic', 3],
        ['payment', 1],
      ]),
    )
  })

  it('keeps frequent words when there are no others', () => {
    expect(wordsOf('to be or not to be')).toEqual(['to', 'be', 'or', 'not'])
  })

  it.each(['', '   ', '"', '***', '🚀', '\u0000', '—…'])('finds no word in %j', (text) => {
    expect(readQuestion(text)).toBeUndefined()
  })

  it('reads words of any script, and composed letters alike', () => {
    expect(wordsOf('Ελλάδα Москва')).toEqual(['ελλάδα', 'москва'])
    expect(readQuestion('mu\u0308ller')).toEqual(readQuestion('müller'))
  })

  it('takes a limited number of words from a pasted page', () => {
    expect(wordsOf(Array.from({ length: 5_000 }, (_, index) => `w${index}`).join(' '))).toHaveLength(48)
  })
})

describe('toMatchExpression', () => {
  it('gives no meaning to the syntax of FTS5', () => {
    expect(toMatchExpression(wordsOf('"a1" AND b2* NEAR(c3, 2) text:d4 -e5 ^f6'))).toBe(
      '"a1" OR "b2" OR "near" OR "c3" OR "2" OR "text" OR "d4" OR "e5" OR "f6"',
    )
  })
})
