import { expect, test } from 'vitest'
import { createRecentQuestions } from '../../workers/adapters/recent-questions'
import type { Encoder } from '../../workers/domain/models'

function noting(model: string, asked: string[]): Encoder {
  return {
    ...{ model, dimensions: 1 },
    embed: async (texts) => {
      asked.push(`${model}: ${texts.join(', ')}`)
      return texts.map((text) => [text.length])
    },
  }
}

test('a question is encoded once for a tenant and an encoder, as long as it is remembered', async () => {
  const asked: string[] = []
  let at = 0
  const remembering = createRecentQuestions(() => at)
  for (const tenant of ['ten_a', 'ten_a', 'ten_b']) expect(await remembering(tenant, noting('one', asked)).embed(['who?'])).toEqual([[4]])
  expect(asked).toEqual(['one: who?', 'one: who?'])
  await remembering('ten_a', noting('two', asked)).embed(['who?'])
  await remembering('ten_a', noting('one', asked)).embed(['who?', 'what?'])
  expect(asked.slice(2)).toEqual(['two: who?', 'one: who?, what?'])
  at = 11 * 60_000
  await remembering('ten_a', noting('one', asked)).embed(['who?'])
  expect(asked.at(-1)).toBe('one: who?')
})

test('a failure is not remembered', async () => {
  const remembering = createRecentQuestions(() => 0)
  const dead: Encoder = { ...noting('one', []), embed: () => Promise.reject(new Error('down')) }
  await expect(remembering('ten_a', dead).embed(['who?'])).rejects.toThrow('down')
  expect(await remembering('ten_a', noting('one', [])).embed(['who?'])).toEqual([[4]])
})
