import { describe, expect, it } from 'vitest'
import { dateOrder, findDates, isoDate } from '../../../workers/skills/text/dates'

const first = (text: string, order: 'dmy' | 'mdy' = 'dmy') => findDates(text, order)[0]?.iso

describe('dates', () => {
  it.each([
    ['August 3 , 2014', '2014-08-03'],
    ['7. Mai 2014', '2014-05-07'],
    ['02 Juillet 2015', '2015-07-02'],
    ['1er janvier 2020', '2020-01-01'],
    ['11 de mayo de 2021', '2021-05-11'],
    ['3 maart 2022', '2022-03-03'],
    ['15 gennaio 2023', '2023-01-15'],
    ['3rd day of May, 2019', '2019-05-03'],
    ['12-Jan-18', '2018-01-12'],
    ['2018-01-02', '2018-01-02'],
    ['31.12.99', '1999-12-31'],
  ])('reads %s', (written, iso) => {
    expect(first(written)).toBe(iso)
  })

  it('reads a range as two dates', () => {
    expect(findDates('01.05.14-31.05.14', 'dmy').map((date) => date.iso)).toEqual(['2014-05-01', '2014-05-31'])
  })

  it('reads the day or the month first as told, and the other way where that month does not exist', () => {
    expect(first('03/04/2024', 'dmy')).toBe('2024-04-03')
    expect(first('03/04/2024', 'mdy')).toBe('2024-03-04')
    expect(first('12/25/2024', 'dmy')).toBe('2024-12-25')
  })

  it('takes the order from dates that prove it, then from the language, then from American marks', () => {
    expect(dateOrder('due 13/02/2024, sent 01/02/2024', 'en')).toBe('dmy')
    expect(dateOrder('due 02/13/2024', 'de')).toBe('mdy')
    expect(dateOrder('le 01/02/2024, $5', 'fr')).toBe('dmy')
    expect(dateOrder('Seattle, WA 98109 on 01/02/2024', 'en')).toBe('mdy')
  })

  it('refuses days that do not exist', () => {
    expect(isoDate(2023, 2, 29)).toBeUndefined()
    expect(findDates('31.02.2024', 'dmy')).toEqual([])
  })
})
