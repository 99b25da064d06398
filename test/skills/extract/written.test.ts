import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EvaluationContext } from '../../../evals/evaluation'
import { evaluation } from '../../../evals/sets/extract-written'

const folder = join(import.meta.dirname, '../../../evals/data/extract_written')
const figures = async (part: string): Promise<Record<string, number>> => {
  const test = join(folder, part)
  const context: EvaluationContext = {
    folder,
    train: join(folder, 'dev'),
    test,
    sameAsTrain: part === 'dev',
    platform: () => Promise.reject(new Error('not needed')),
    say: () => undefined,
  }
  return Object.fromEntries((await evaluation.run(context)).map(({ metric, value }) => [metric, value]))
}

test.each(['dev', 'held-out'])('fields of written documents are found, and those that are not stated left out: %s', async (part) => {
  const { precision, recall, 'left out (not stated)': leftOut } = await figures(part)
  expect(precision).toBeGreaterThan(0.94)
  expect(recall).toBeGreaterThan(0.92)
  expect(leftOut).toBeGreaterThan(0.94)
})
