import { describe, expect, it } from 'vitest'
import { de } from '../../web/src/i18n/de'
import { en } from '../../web/src/i18n/en'
import { fieldName } from '../../web/src/i18n/field-names'
import { createFormat, formatDuration } from '../../web/src/i18n/format'
import { createTranslate } from '../../web/src/i18n/translate'

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort()

describe('the dictionaries', () => {
  it('have the same keys, none empty', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort())
    expect(Object.values(de).filter((text) => text.trim() === '')).toEqual([])
  })

  it('name the same placeholders for each key', () => {
    for (const [key, text] of Object.entries(en)) expect(placeholders(de[key as keyof typeof de]), key).toEqual(placeholders(text))
  })
})

describe('translating', () => {
  it('fills placeholders and leaves unknown ones visible', () => {
    expect(createTranslate('en')('viewer.page', { page: 2 })).toBe('Page 2 of {count}')
    expect(createTranslate('de')('viewer.page', { page: 2, count: 3 })).toBe('Seite 2 von 3')
  })

  it('chooses the plural by the count', () => {
    expect(createTranslate('en').count('nav.openApprovals', 1)).toBe('1 approval is open')
    expect(createTranslate('de').count('nav.openApprovals', 4)).toBe('4 Freigaben sind offen')
  })
})

describe('formats', () => {
  it('write durations short', () => {
    expect(formatDuration(412)).toBe('0.4 s')
    expect(formatDuration(245_000)).toBe('4:05 min')
    expect(formatDuration(7_445_000)).toBe('2:04:05 h')
    expect(createFormat('de').duration(412)).toBe('0,4 s')
  })

  it('show costs below a cent with their digits', () => {
    expect(createFormat('en').cost(0)).toBe('$0.00')
    expect(createFormat('en').cost(3_150)).toBe('$0.00315')
    expect(createFormat('en').cost(1_234_567)).toBe('$1.23')
  })

  it('write sizes in units that people read', () => {
    expect(createFormat('en').bytes(0)).toBe('0 bytes')
    expect(createFormat('en').bytes(12_345)).toBe('12.3 kB')
  })

  it('say how long ago something was', () => {
    expect(createFormat('en').ago('2026-01-01T00:00:00Z', Date.parse('2026-01-01T02:00:00Z'))).toBe('2 hours ago')
    expect(createFormat('de').ago('2026-01-01T00:00:00Z', Date.parse('2026-01-02T00:00:00Z'))).toBe('gestern')
  })
})

describe('names from data', () => {
  it('read as words in any spelling', () => {
    expect(fieldName('totalGross', 'en')).toBe('Total gross')
    expect(fieldName('vat_id', 'en')).toBe('VAT ID')
  })

  it('have German words where the built-in extraction gives them', () => {
    expect(fieldName('totalGross', 'de')).toBe('Bruttobetrag')
    expect(fieldName('warrantyPeriod', 'de')).toBe('Warranty period')
  })
})
