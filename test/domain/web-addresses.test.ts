import { describe, expect, it } from 'vitest'
import { addressKind, isWebPort } from '../../workers/domain/addresses'
import { NOTATIONS } from './web-addresses'

describe.each(Object.entries(NOTATIONS))('every notation of what is %s', (kind, urls) => {
  it.each(urls)('%j', (url) => expect(addressKind(new URL(url).hostname)).toBe(kind))
})

it('the tables hold more than 120 notations of what must not be reached, each once', () => {
  const refused = [...NOTATIONS.loopback, ...NOTATIONS.forbidden]
  expect(new Set(refused).size).toBe(refused.length)
  expect(refused.length).toBeGreaterThan(120)
})

it('web services answer on 443 and on free ports, not where databases and control planes do', () => {
  for (const port of [443, 1024, 8443, 8080, 9443, 65_535]) expect(isWebPort(port), String(port)).toBe(true)
  for (const port of [
    0, 22, 23, 25, 53, 80, 110, 143, 445, 465, 587, 993, 1433, 2375, 3306, 5432, 5984, 6379, 9200, 10_250, 11_211, 27_017,
  ])
    expect(isWebPort(port), String(port)).toBe(false)
})
