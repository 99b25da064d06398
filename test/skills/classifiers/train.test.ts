import { describe, expect, test } from 'vitest'
import type { LabelledExample } from '../../../workers/domain/classifiers'
import { readClassifier, writeClassifier } from '../../../workers/skills/classify/learn/codec'
import { trainClassifier } from '../../../workers/skills/classify/learn/train'
import { nameTexts } from '../../../workers/skills/classify/trained'
import { createFakeEncoder } from '../../fakes/models'
import { FOREIGN_EXAMPLES, TOPIC_EXAMPLES } from './topics'

const encoder = createFakeEncoder()

describe('a trained classifier', () => {
  test('names texts that it has not seen', async () => {
    const { classifier } = await trainClassifier(TOPIC_EXAMPLES)
    const named = await nameTexts(
      classifier,
      ['Has the courier lost my parcel?', 'I want my money back, a refund!', 'new password'],
      undefined,
    )
    expect(named.map(({ label }) => label)).toEqual(['delivery', 'refund', 'account'])
  })

  test('says none of the labels to what is like the out-of-scope examples', async () => {
    const { classifier, report } = await trainClassifier([...TOPIC_EXAMPLES, ...FOREIGN_EXAMPLES], { encoder })
    expect(report.outOfScope?.recall).toBeGreaterThan(0.8)
    expect(report.accuracy).toBeGreaterThan(0.9)
    const named = await nameTexts(classifier, ['Hello, what is the capital of France', 'Hello, where is my parcel now'], encoder)
    expect(named.map(({ label }) => label)).toEqual([undefined, 'delivery'])
  })

  test('is the same after it was written and read, whatever the alignment of the bytes', async () => {
    const { classifier } = await trainClassifier(TOPIC_EXAMPLES, { encoder })
    const file = writeClassifier(classifier)
    const shifted = new Uint8Array(file.length + 1)
    shifted.set(file, 1)
    const texts = TOPIC_EXAMPLES.map(({ text }) => text)
    const before = await nameTexts(classifier, texts, encoder)
    expect(await nameTexts(readClassifier(file), texts, encoder)).toEqual(before)
    expect(await nameTexts(readClassifier(shifted.subarray(1)), texts, encoder)).toEqual(before)
  })

  test('is the same for the same examples', async () => {
    const [one, two] = [await trainClassifier(TOPIC_EXAMPLES, { encoder }), await trainClassifier(TOPIC_EXAMPLES, { encoder })]
    expect(writeClassifier(one.classifier)).toEqual(writeClassifier(two.classifier))
    expect(one.report).toEqual(two.report)
  })

  test('refuses to guess when its encoder is gone', async () => {
    const { classifier } = await trainClassifier(TOPIC_EXAMPLES, { encoder })
    const trained = {
      ...classifier,
      encoder: classifier.encoder ?? { model: encoder.model, dimensions: 0, neighbours: undefined as never },
    }
    await expect(nameTexts(trained, ['x'], undefined)).rejects.toMatchObject({ code: 'conflict' })
    await expect(nameTexts(trained, ['x'], { ...encoder, model: 'another' })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('is not read from other or broken bytes', async () => {
    const file = writeClassifier((await trainClassifier(TOPIC_EXAMPLES)).classifier)
    for (const broken of [new Uint8Array(), new TextEncoder().encode('{"labels":[]}'), file.slice(0, file.length / 2), file.slice(0, 40)])
      expect(() => readClassifier(broken)).toThrow(expect.objectContaining({ code: 'internal' }))
  })
})

/** Four words that hardly any other number has. */
const fillerOf = (n: number): string =>
  [3, 5, 7, 11].map((step) => `w${String.fromCharCode(97 + ((n * step) % 26), 97 + ((n * n + step) % 26), 97 + (n % 23))}`).join(' ')

describe('the report', () => {
  test('judges examples only by models that have not seen them', async () => {
    // Labels at random: who has seen an example knows it by heart, who has not is right half of the time.
    const random = Array.from(
      { length: 200 },
      (_, n): LabelledExample => ({
        text: `word${n} thing${n} item${n}`,
        label: (n * 7919) % 13 < 6 ? 'a' : 'b',
      }),
    )
    const { report, classifier } = await trainClassifier(random)
    expect(report.accuracy).toBeLessThan(0.65)
    const seen = await nameTexts(
      classifier,
      random.map(({ text }) => text),
      undefined,
    )
    expect(seen.filter(({ label }, at) => label === random[at]?.label).length).toBeGreaterThan(190)
  })

  test('holds a group out as a whole', async () => {
    // In each group one secret word is the label; other groups say nothing of it.
    const grouped = Array.from({ length: 240 }, (_, n): LabelledExample => {
      const group = Math.floor(n / 12)
      const secret = 'bcdfghjklmnpqrstvwxz'.charAt(group).repeat(6)
      return { text: `${secret} ${fillerOf(n)}`, label: group % 2 === 0 ? 'a' : 'b', group: `g${group}` }
    })
    const ungrouped = grouped.map(({ text, label }) => ({ text, label }))
    expect((await trainClassifier(grouped)).report.accuracy).toBeLessThan(0.7)
    expect((await trainClassifier(ungrouped)).report.accuracy).toBe(1)
  })

  test('holds copies of one text out as a whole, though nobody grouped them', async () => {
    const copies = Array.from({ length: 240 }, (_, n): LabelledExample => {
      const original = Math.floor(n / 12)
      const secret = 'bcdfghjklmnpqrstvwxz'.charAt(original).repeat(6)
      return { text: `${secret} wants ${secret} number ${n}${n % 2 ? ' please' : ''}`, label: original % 2 === 0 ? 'a' : 'b' }
    })
    expect((await trainClassifier(copies)).report.accuracy).toBeLessThan(0.7)
  })

  test('judges a label of which there is one text only', async () => {
    const single = Array.from({ length: 10 }, (_, n): LabelledExample => ({ text: `my parrot ${n} is ill`, label: 'parrot' }))
    const { report } = await trainClassifier([...TOPIC_EXAMPLES, ...single])
    expect(report.labels.find(({ label }) => label === 'parrot')?.recall).toBe(1)
  })

  test('counts by label and says what was taken for what', async () => {
    const { report } = await trainClassifier([...TOPIC_EXAMPLES, { text: 'how do I get my money back', label: 'delivery' }])
    expect(report.labels.map(({ label, examples }) => [label, examples])).toEqual([
      ['account', 24],
      ['delivery', 25],
      ['refund', 24],
    ])
    expect(report.confusions).toContainEqual({ label: 'delivery', namedAs: 'refund', count: 1 })
    const wrong = report.confusions.filter(({ label }) => label !== null).reduce((sum, { count }) => sum + count, 0)
    expect(report.accuracy).toBeCloseTo(1 - wrong / 73, 3)
  })
})

test('training stops when it is cancelled', async () => {
  const abort = new AbortController()
  const training = trainClassifier(TOPIC_EXAMPLES, { signal: abort.signal, progress: () => abort.abort(new Error('cancelled')) })
  await expect(training).rejects.toThrow('cancelled')
})

test('progress goes from nothing to all and never back', async () => {
  const shares: number[] = []
  await trainClassifier(TOPIC_EXAMPLES, { encoder, progress: (_, share) => shares.push(share) })
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...shares)).toBeLessThanOrEqual(1)
})

test('one label is refused', async () => {
  await expect(trainClassifier(TOPIC_EXAMPLES.filter(({ label }) => label === 'refund'))).rejects.toMatchObject({ code: 'invalid' })
})
