import { describe, expect, it } from 'vitest'
import { contradictionsOf } from '../../../workers/skills/citations/contradictions'

const stated = (text: string) => ({
  text,
  citation: { passageId: text, label: text, span: { page: 1, start: 0, end: text.length, quote: text } },
})
const between = (one: string, other: string) => contradictionsOf([stated(one)], [stated(other)])

describe('contradictions', () => {
  it.each([
    ['The warranty for the pumps is 24 months.', 'The warranty for the pumps is 36 months.', ['24 months', '36 months']],
    [
      'The contract with Berger ends on 31 March 2026.',
      'The contract with Berger ends on 30 June 2026.',
      ['31 March 2026', '30 June 2026'],
    ],
    ['The monthly rent of the hall is 2,450 EUR.', 'The monthly rent of the hall is 2.600 €.', ['2,450 EUR', '2.600 €']],
  ])('%s / %s', (one, other, values) => {
    expect(between(one, other)[0]?.sides.map(({ value }) => value)).toEqual(values)
  })

  it('one side denies what the other says', () => {
    expect(
      between('Employees may take unused holidays to the next year.', 'Employees may not take unused holidays to the next year.'),
    ).toHaveLength(1)
  })

  it.each([
    ['the same amount in another way of writing', 'The rent of the hall is 2,450 EUR.', 'The rent of the hall is 2.450,00 €.'],
    [
      'figures of other years',
      'In 2024 the turnover of the group was 3 million EUR.',
      'In 2025 the turnover of the group was 4 million EUR.',
    ],
    ['figures of other things', 'The warranty for the pumps is 24 months.', 'The warranty for the pumps costs 24 EUR.'],
    ['other names', 'The office in Lyon has 12 desks by the window.', 'The office in Turin has 30 desks by the window.'],
    ['another subject', 'The board met on 3 May 2026.', 'Smoking is forbidden in 14 rooms.'],
  ])('are not %s', (_, one, other) => {
    expect(between(one, other)).toEqual([])
  })
})
