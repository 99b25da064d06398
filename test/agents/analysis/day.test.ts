import { describe, expect, it } from 'vitest'
import { dayBounds } from '../../../workers/agents/analysis/day'

describe('day bounds', () => {
  it.each([
    ['UTC', '2024-06-01', '2024-06-01T00:00:00.000Z', '2024-06-02T00:00:00.000Z'],
    ['Europe/Berlin', '2024-06-01', '2024-05-31T22:00:00.000Z', '2024-06-01T22:00:00.000Z'],
    ['America/New_York', '2024-01-15', '2024-01-15T05:00:00.000Z', '2024-01-16T05:00:00.000Z'],
    ['Asia/Kolkata', '2024-01-15', '2024-01-14T18:30:00.000Z', '2024-01-15T18:30:00.000Z'],
  ])('knows when a day is in %s', (zone, date, from, to) => {
    expect(dayBounds(date, zone)).toEqual({ from, to })
  })

  it('gives 23 hours to the day on which summer time begins', () => {
    expect(dayBounds('2024-03-31', 'Europe/Berlin')).toEqual({ from: '2024-03-30T23:00:00.000Z', to: '2024-03-31T22:00:00.000Z' })
  })
})
