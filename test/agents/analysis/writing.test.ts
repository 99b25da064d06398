import { expect, test } from 'vitest'
import { draft, rewrite } from '../../../workers/agents/analysis/writing-operations'
import { textDocument } from '../../skills/corpus/pdf-pages'
import { stage, stepContext } from './ports'

const run = async (operation: typeof draft, input: unknown, { ports } = stage()) =>
  (await operation.run(operation.input.parse(input), stepContext(), ports)) as Record<string, unknown>

test('a draft states its facts and tells what it proves', async () => {
  const answer = await run(draft, draft.example)
  expect(answer).toMatchObject({ used: ['total'], unused: [], unproven: [] })
  expect(answer).not.toHaveProperty('provider')
})

test('a rewriting reads the document that it names', async () => {
  const place = stage()
  place.store('doc_1', textDocument('In order to pay 20 EUR, call us.'))
  expect(await run(rewrite, { documentId: 'doc_1', style: 'shorter' }, place)).toMatchObject({
    text: 'To pay 20 EUR, call us.',
    lostFigures: [],
  })
})

test('a rewriting of a document too long says what it left out', async () => {
  const place = stage()
  place.store('doc_1', textDocument('All is well. '.repeat(5_000)))
  const { left } = await run(rewrite, { documentId: 'doc_1', style: 'formal' }, place)
  expect(String(left)).toContain('The document is longer')
})

test('a rewriting takes a text or a document, not both and not neither', () => {
  expect(rewrite.input.safeParse({ style: 'plain' }).success).toBe(false)
  expect(rewrite.input.safeParse({ text: 'a', documentId: 'doc_1', style: 'plain' }).success).toBe(false)
})
