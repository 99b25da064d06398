import { describe, expect, it } from 'vitest'
import { findAmounts, mainCurrency, parseNumber } from '../../../workers/skills/text/amounts'

describe('amounts', () => {
  it.each([
    ['1.234,56', 1234.56],
    ['1,234.56', 1234.56],
    ['1 234,56', 1234.56],
    ["1'234.50", 1234.5],
    ['1,23,456.00', 123456],
    ['1.000', 1000],
    ['0,125', 0.125],
    ['12,0000', 12],
    ['42', 42],
  ])('reads %s as %d', (written, value) => {
    expect(parseNumber(written)?.value).toBe(value)
  })

  it.each(['1.23.4', '1,2345,678', '12.345,6.7'])('refuses %s, which is no number', (written) => {
    expect(parseNumber(written)).toBeUndefined()
  })

  it('keeps the sign, the currency and the exact place', () => {
    const text = 'Gutschrift -12,50 € und $3.00, Rs 1939'
    expect(findAmounts(text).map(({ start, end, value, currency }) => [text.slice(start, end), value, currency])).toEqual([
      ['-12,50 €', -12.5, 'EUR'],
      ['$3.00', 3, 'USD'],
      ['Rs 1939', 1939, 'INR'],
    ])
  })

  it('reads brackets as a loss in a column and as brackets in a sentence', () => {
    expect(findAmounts('Loss  (12.00)')[0]?.value).toBe(-12)
    expect(findAmounts('paid in cash (Rs 12.00)')[0]?.value).toBe(12)
  })

  it('leaves out percentages, dates, times and parts of codes', () => {
    expect(findAmounts('19% VAT on 01/02/2024 at 10:30, order A-17/4')).toEqual([])
  })

  it('tells the main currency by the signs in a text', () => {
    expect(mainCurrency('€ 5, 7 EUR and $3')).toBe('EUR')
  })
})
