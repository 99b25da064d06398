import { describe, expect, it } from 'vitest'
import { figuresOf, missingFigures } from '../../../workers/skills/citations/figures'

describe('figures', () => {
  it.each([
    ['1.234,56 €', 'EUR 1,234.56'],
    ['1 234,56 EUR', '€1234.56'],
    ['$ 1,452.4 million', 'US$ 1.4524 billion'],
    ['3,5 Mio. Euro', '3.500.000 €'],
    ['5 March 2026', '05.03.2026'],
    ['2026-03-05', 'March 5, 2026'],
    ['12 %', '12 percent'],
    ['zwölf', '12'],
    ['twenty-four', '24'],
    ['two hundred', '200'],
    ['6½', '6.5'],
    ['about 1.2 million', '1,234,567'],
    ['1.190,00', '1.190,00 EUR'],
  ])('%s is the same as %s', (one, other) => {
    expect(missingFigures(`It says ${one} there.`, `It says ${other} here.`)).toEqual([])
    expect(figuresOf(`It says ${one} there.`)).toHaveLength(1)
  })

  it.each([
    ['1.234,56 €', '1.234,57 €'],
    ['1.234,56 €', '1.234,56 USD'],
    ['12 %', '12 people'],
    ['5 March 2026', '6 March 2026'],
    ['19', '2019'],
    ['5', '5 million'],
    ['1.2 million', '1,234,567'],
    ['twenty-four', 'twenty'],
  ])('%s is not the same as %s', (one, other) => {
    expect(missingFigures(`It says ${one} there.`, `It says ${other} here.`)).toHaveLength(1)
  })

  it('a year is stated by a date of that year', () => {
    expect(missingFigures('It happened in 2026.', 'It happened on 5 March 2026.')).toEqual([])
  })

  it('keep their exact places', () => {
    const text = 'Between 3 April 2026 and then, 1.250 € and twenty-two cents were paid (19 %).'
    expect(figuresOf(text).map(({ start, end }) => text.slice(start, end))).toEqual(['3 April 2026', '1.250 €', 'twenty-two', '19 %'])
  })

  it('of hostile texts are found in linear time', () => {
    for (const text of ['1 '.repeat(20_000), '1,'.repeat(20_000), 'two '.repeat(10_000), '9'.repeat(50_000)])
      expect(Array.isArray(figuresOf(text))).toBe(true)
  })
})
