import { describe, expect, it } from 'vitest'
import { DIMENSIONS, MAX_TOKENS } from '../../workers/models/encoder-layout'
import { models } from './models-script'

async function embed(texts: string[]): Promise<Float32Array[]> {
  const answer = await models.embed(texts)
  if (!answer.ok) throw new Error(answer.error.message)
  return texts.map((_, index) => answer.value.subarray(index * DIMENSIONS, (index + 1) * DIMENSIONS))
}
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0)

const GUITAR = 'A man is playing a guitar'
const INSTRUMENT = 'Someone plays an instrument'
const OVERDUE = 'The invoice is overdue by ten days'
const LATE = 'Payment for the bill is late'
const CAT = 'The cat sleeps on the sofa'
const REFERENCE = { guitarInstrument: 0.5751, overdueLate: 0.5225, overdueCat: 0.1926 }

describe('the sentence encoder', () => {
  it('scores related sentences above unrelated ones', async () => {
    const [guitar, instrument, overdue, late, cat] = await embed([GUITAR, INSTRUMENT, OVERDUE, LATE, CAT])
    expect(dot(guitar!, instrument!)).toBeGreaterThan(dot(guitar!, late!) + 0.2)
    expect(dot(overdue!, late!)).toBeGreaterThan(dot(overdue!, cat!) + 0.2)
  })

  it('stays close to the similarities of the original 32-bit weights', async () => {
    const [guitar, instrument, overdue, late, cat] = await embed([GUITAR, INSTRUMENT, OVERDUE, LATE, CAT])
    // Computed with @energetic-ai/embeddings 0.2.0 on the weights as published.
    expect(Math.abs(dot(guitar!, instrument!) - REFERENCE.guitarInstrument)).toBeLessThan(0.01)
    expect(Math.abs(dot(overdue!, late!) - REFERENCE.overdueLate)).toBeLessThan(0.01)
    expect(Math.abs(dot(overdue!, cat!) - REFERENCE.overdueCat)).toBeLessThan(0.01)
  })

  it('gives vectors of unit length, for odd texts too', async () => {
    for (const vector of await embed([GUITAR, '', '   ', '🚀🚀 \u0000', '日本語', 'word '.repeat(3_000)]))
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
  })

  it('gives the same vector each time, whatever the text is batched with', async () => {
    const [alone] = await embed([GUITAR])
    const crowd = await embed([...Array.from({ length: 40 }, (_, index) => `${LATE} ${'and more '.repeat(index)}`), GUITAR])
    expect(dot(alone!, crowd.at(-1)!)).toBeCloseTo(1, 5)
    expect((await embed([GUITAR]))[0]).toEqual(alone)
  })

  it('keeps the order of texts of different lengths', async () => {
    const texts = [`${CAT} and dreams of mice, birds, milk and a warm place by the window`, 'Hi', OVERDUE]
    const together = await embed(texts)
    for (const [index, text] of texts.entries()) expect(dot(together[index]!, (await embed([text]))[0]!)).toBeCloseTo(1, 5)
  })

  it('reads a text no further than its token limit', async () => {
    const long = 'invoice '.repeat(MAX_TOKENS)
    const [cut, longer] = await embed([long, long + CAT])
    expect(longer).toEqual(cut)
  })

  it('refuses more texts than one call may carry, and takes none', async () => {
    expect(await models.embed(Array.from({ length: 257 }, () => CAT))).toMatchObject({ ok: false, error: { code: 'too_large' } })
    expect(await models.embed([])).toEqual({ ok: true, value: new Float32Array(0) })
  })
})
