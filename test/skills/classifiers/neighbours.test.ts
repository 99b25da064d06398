import { expect, test } from 'vitest'
import { probabilitiesOf } from '../../../workers/skills/classify/learn/decision'
import { groupByLabel, packVectors, voteOf } from '../../../workers/skills/classify/learn/neighbours'

const vectors = Float32Array.of(1, 0, 0.8, 0.6, 0, 1)
const labels = Uint16Array.of(0, 1, 2)
const neighbours = { dimensions: 2, vectors: packVectors(vectors), labels }

test('each label has the similarity of its nearest example, labels without a candidate none', () => {
  const candidates = groupByLabel(labels).slice(0, 2)
  const { likeness, nearest } = voteOf(neighbours, Float32Array.of(1, 0), candidates, 3)
  expect([...likeness].map((each) => Math.round(each * 10) / 10)).toEqual([1, 0.8, 0])
  expect(nearest).toBeCloseTo(1, 2)
})

test('who is left out is not near anybody', () => {
  const { likeness } = voteOf(neighbours, Float32Array.of(1, 0), groupByLabel(labels), 3, (example) => example === 0)
  expect(likeness[0]).toBe(0)
})

test('likeness decides between labels whose machines say the same', () => {
  const decision = { temperature: 0.2, neighbourWeight: 0, likenessWeight: 8, sharpness: 1 }
  const heard = { scores: [0.5, 0.5], likeness: [0.6, 0.9] }
  expect(probabilitiesOf(decision, heard)[1]).toBeGreaterThan(0.9)
  expect(probabilitiesOf({ ...decision, likenessWeight: 0 }, heard)[1]).toBeCloseTo(0.5)
})
