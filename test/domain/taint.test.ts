import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Origin, UntrustedText } from '../../workers/domain/guardrails'
import { taintOf } from '../../workers/domain/taint'

const origin: Origin = { kind: 'mail', id: 'msg_1' }
const mail: UntrustedText = {
  text: 'Please pay 1.234,50 EUR to\nDE89 3704 0044 0532 0130 00 and write  to Boss@Example.com about the late delivery of the pumps.',
  origin,
}

describe('taint', () => {
  it('finds values of an untrusted text in arguments, with path and place', () => {
    const found = taintOf({ to: ['boss@example.com'], lines: [{ amount: 1234.5 }], note: 'ok' }, [mail])
    expect(found.map(({ path, quote }) => [path, quote])).toEqual([
      ['to[0]', 'Boss@Example.com'],
      ['lines[0].amount', '1.234,50'],
    ])
  })

  it('finds account numbers however they are spaced', () => {
    expect(taintOf({ body: 'write to boss@example.com about the late delivery today' }, [mail])).toMatchObject([
      { path: 'body', quote: 'write  to Boss@Example.com about the late delivery' },
    ])
    expect(taintOf({ account: '370400440532013000' }, [mail])).toEqual([])
    expect(taintOf({ account: 'DE89 3704 0044 0532 0130 00' }, [mail])).toHaveLength(1)
  })

  it('leaves alone what is not there, parts of words and values that stand everywhere', () => {
    expect(taintOf({ to: 'alice@example.com', word: 'deliver', currency: 'EUR', n: 12, yes: true, none: null }, [mail])).toEqual([])
  })

  it('names each origin that a value stands in', () => {
    const other = { text: 'boss@example.com', origin: { kind: 'web', id: 'https://x.example' } as Origin }
    expect(taintOf({ to: 'boss@example.com' }, [mail, other]).map((taint) => taint.origin.kind)).toEqual(['mail', 'web'])
  })

  it('quotes its source verbatim, whatever that holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.stringMatching(/^[A-Z]{2}\d{6,9}$/),
        fc.string({ unit: 'grapheme' }),
        (before, value, after) => {
          const text = `${before} ${value} ${after}`
          const [taint] = taintOf({ value }, [{ text, origin }])
          expect(taint && text.slice(taint.start, taint.end)).toBe(taint?.quote)
          expect(taint?.quote.toUpperCase()).toContain(value)
        },
      ),
    )
  })
})
