import { expect, test } from 'vitest'
import { call, createAccount, createKit } from './kit'

test.each([
  ['an event whose payload has another name', { event: 'paid', correlation: 'inv-1', body: { amount: 5 } }],
  ['two answers in one', { event: 'paid', correlation: 'inv-1', budget: 'continue' }],
  ['nothing', {}],
])('an answer to a run is refused with what could be sent, and nothing of it is lost in silence: %s', async (_, answer) => {
  const kit = createKit()
  const acme = await createAccount(kit, 'acme')
  const { body: run } = await call(kit, acme, 'POST', '/api/v1/webhooks/document-intake', { documentId: 'doc_1' })
  const { status, body } = await call(kit, acme, 'PUT', `/api/v1/runs/${run.id}/continue`, answer)
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid' })
  expect(JSON.stringify(body.problems)).toMatch(/Unrecognized key|\{event, correlation, payload\?\}/)
})

test('a decision in a word that is none is told the words', async () => {
  const kit = createKit()
  const acme = await createAccount(kit, 'acme')
  const { body: run } = await call(kit, acme, 'POST', '/api/v1/webhooks/document-intake', { documentId: 'doc_1' })
  const { status, body } = await call(kit, acme, 'PUT', `/api/v1/runs/${run.id}/continue`, { approvalId: 'apr_1', decision: 'approved' })
  expect(status).toBe(400)
  expect(JSON.stringify(body.problems)).toMatch(/approve.{1,8}(or|\|).{1,8}reject/)
})
