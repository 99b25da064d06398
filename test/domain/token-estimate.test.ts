import { describe, expect, it } from 'vitest'
import { estimateRequestTokens, estimateTokens } from '../../workers/domain/token-estimate'

/** Counted with the vocabularies of two generations of models, cl100k and o200k. */
const COUNTED = [
  ['English', 'The supplier shall deliver the goods within ten working days after receipt of the order.', 16, 16],
  ['German', 'Hiermit kündige ich den Mietvertrag fristgerecht zum nächstmöglichen Zeitpunkt.', 24, 18],
  ['Chinese', '我们确认已收到贵公司的订单，并将在十个工作日内发货。如有任何问题，请随时与我们联系。', 35, 27],
  ['Arabic', 'نؤكد استلام طلبكم ونعلمكم بأنه سيتم الشحن خلال عشرة أيام عمل.', 47, 20],
] as const

describe('the estimate of tokens', () => {
  it.each(COUNTED)('of %s is not far below what vocabularies count, nor a multiple of the larger count', (_, text, older, newer) => {
    const estimate = estimateTokens(text)
    expect(estimate).toBeGreaterThan(Math.min(older, newer) * 0.8)
    expect(estimate).toBeLessThan(Math.max(older, newer) * 1.5)
  })

  it('is nothing for nothing, and grows with repetition only as far as signs do not merge', () => {
    expect(estimateTokens('')).toBe(0)
    expect(estimateTokens('-'.repeat(400))).toBe(100)
    expect(estimateTokens('word '.repeat(100))).toBeGreaterThanOrEqual(100)
  })

  it('counts roles, tools, schema and pictures of a request', () => {
    const plain = estimateRequestTokens({ messages: [{ role: 'user', content: 'Hello' }] })
    const images = [{ mediaType: 'image/png' as const, data: new Uint8Array(3) }]
    expect(plain).toBeGreaterThan(1)
    expect(estimateRequestTokens({ messages: [{ role: 'user', content: 'Hello', images }] })).toBeGreaterThan(plain + 1_000)
    expect(
      estimateRequestTokens({ messages: [{ role: 'user', content: 'Hello' }], jsonSchema: { schema: { type: 'object' } } }),
    ).toBeGreaterThan(plain)
  })
})
