import { describe, expect, it } from 'vitest'
import { MetadataFilter } from '../../workers/domain/knowledge'
import { meetsFilter, momentOf, rangeOf } from '../../workers/domain/metadata-filter'

const invoice = { class: 'invoice', tags: ['paid', 'urgent'], date: '2026-03-31', receivedAt: '2026-03-31T22:30:00+02:00' }

describe('a filter', () => {
  it.each<[string, MetadataFilter, boolean]>([
    ['nothing', {}, true],
    ['an equal text', { class: 'invoice' }, true],
    ['another text', { class: 'contract' }, false],
    ['a tag', { tags: 'urgent' }, true],
    ['a tag it has not', { tags: 'open' }, false],
    ['a fact it has not', { colour: 'red' }, false],
    ['any of several', { tags: { anyOf: ['open', 'paid'] } }, true],
    ['none of several', { tags: { anyOf: ['open', 'late'] } }, false],
    ['all of several', { tags: { allOf: ['urgent', 'paid'] } }, true],
    ['not all of several', { tags: { allOf: ['urgent', 'open'] } }, false],
    ['a range it lies in', { date: { from: '2026-03-01', to: '2026-04-30' } }, true],
    ['the last day of a range', { date: { to: '2026-03-31' } }, true],
    ['a month as the end', { date: { to: '2026-03' } }, true],
    ['a year', { date: { from: '2026', to: '2026' } }, true],
    ['a range before it', { date: { to: '2026-03-30' } }, false],
    ['a range after it', { date: { from: '2026-04' } }, false],
    ['a day in UTC for a time elsewhere', { receivedAt: { from: '2026-03-31', to: '2026-03-31' } }, true],
    ['a range for a fact that is no date', { class: { from: '2026' } }, false],
    ['one that holds and one that does not', { class: 'invoice', tags: 'open' }, false],
  ])('by %s', (_, filter, meets) => {
    expect(meetsFilter(invoice, MetadataFilter.parse(filter))).toBe(meets)
  })

  it.each([
    ...[{ date: {} }, { date: { from: 'March' } }, { tags: { anyOf: [] } }, { date: { from: '2026', until: '2027' } }],
    ...['2026-13-45', '2026-02-30', '2026-00', '2026-13', '2026-01-01T25:00'].flatMap((day) => [
      { date: { from: day } },
      { date: { to: day } },
    ]),
  ])('is refused when it is %j', (filter) => {
    expect(MetadataFilter.safeParse(filter).success).toBe(false)
  })
})

it('takes no day for a date that no calendar has', () => {
  for (const text of ['2026-02-30', '2026-13', '2026-00-01', 'today', '31.03.2026', '']) expect(momentOf(text)).toBeUndefined()
})

it('leaves nothing in a range whose end is no date', () => {
  expect(rangeOf({ from: '2026-13-45' })).toEqual({ from: Number.POSITIVE_INFINITY, before: Number.POSITIVE_INFINITY })
  expect(rangeOf({ to: '2026-13-45' })).toEqual({ from: Number.NEGATIVE_INFINITY, before: Number.NEGATIVE_INFINITY })
})
