import { describe, expect, it } from 'vitest'
import { formatsFor, isoTime } from '../../workers/reports/render/formats'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('formatsFor', () => {
  it('writes money, numbers, shares and dates as the locale does', () => {
    const [de, en] = [formatsFor('de'), formatsFor('en-GB')]
    expect([plain(de.money(1234.5, 'EUR')), plain(en.money(1234.5, 'GBP'))]).toEqual(['1.234,50 €', '£1,234.50'])
    expect([plain(de.percent(0.125)), en.percent(0.125)]).toEqual(['12,5 %', '12.5%'])
    expect([de.date('2026-11-03'), en.date('2026-11-03')]).toEqual(['03.11.2026', '3 Nov 2026'])
    expect(plain(de.date('2026-11-03T23:30:00+09:00'))).toBe('03.11.2026, 23:30')
  })

  it('uses Latin digits everywhere, because the font has no others', () => {
    expect(formatsFor('ar-EG').number(1234)).toMatch(/^[\d٬,.]*$/)
    expect(formatsFor('ar-EG').date('2026-11-03')).toMatch(/2026/)
  })

  it('shows text in a column of numbers or dates as it is, and an odd currency as a plain amount', () => {
    const formats = formatsFor('en')
    expect(formats.cell('n/a', { title: '', kind: 'money' })).toBe('n/a')
    expect(formats.cell('soon', { title: '', kind: 'date' })).toBe('soon')
    expect(formats.cell(null, { title: '', kind: 'number' })).toBe('')
    expect(formats.money(3, '€€€')).toBe('3.00')
  })

  it('refuses a locale that is none', () => {
    expect(() => formatsFor('x_y z')).toThrow(expect.objectContaining({ code: 'invalid' }))
  })
})

describe('isoTime', () => {
  it('reads dates that exist and nothing else', () => {
    expect(isoTime('2026-02-28')).toBe(Date.UTC(2026, 1, 28))
    expect(isoTime('2026-02-30')).toBeUndefined()
    expect(isoTime('28.02.2026')).toBeUndefined()
  })
})
