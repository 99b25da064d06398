import { beforeEach, expect, test } from 'vitest'
import type { UntrustedEffect } from '../../workers/domain/approvals'
import { runRow } from '../contracts/ports'
import { type Account, call, createAccount, createKit, type Kit } from './kit'

let kit: Kit
let acme: Account
beforeEach(async () => {
  kit = createKit()
  acme = await createAccount(kit, 'acme')
})

const origin = { kind: 'mail' as const, id: 'doc_1', label: 'Change of address.eml' }
const DETAILS: UntrustedEffect = {
  reason: 'untrusted_arguments',
  action: 'action.mail',
  arguments: { to: 'attacker@evil.example', subject: 'Invoice' },
  untrusted: [
    {
      path: 'to',
      value: 'attacker@evil.example',
      steps: ['read'],
      origins: [origin],
      places: [{ path: 'to', origin: { ...origin, page: 2 }, start: 52, end: 73, quote: 'attacker@evil.example' }],
    },
  ],
  inputHash: 'ab',
}

test('an approval of untrusted arguments shows in the inbox and with its run where they come from', async () => {
  const { body: run } = await call(kit, acme, 'POST', '/api/v1/workflows/execute', {
    workflow: 'document-intake',
    input: { documentId: 'doc_1' },
  })
  const held = kit.tenant(acme.tenantId).runs.all.get(run.id)!
  held.view.approvals = [
    { id: 'apr_1', stepKey: 'send', title: 'action.mail with to?', details: DETAILS, status: 'open', requestedAt: run.createdAt },
  ]
  await kit.tenant(acme.tenantId).ports.runIndex.upsert([runRow({ id: run.id, openApprovals: 1, revision: 9 })])
  const inbox = await call(kit, acme, 'GET', '/api/v1/approvals')
  expect(inbox.body.items[0].approval.details).toEqual(DETAILS)
  expect((await call(kit, acme, 'GET', `/api/v1/runs/${run.id}`)).body.approvals[0].details).toEqual(DETAILS)
})

test('the API document says what such details hold', async () => {
  const { body } = await call(kit, acme, 'GET', '/api/v1/openapi.json')
  expect(body.components.schemas.Approval.properties.details.description).toContain('untrusted_arguments')
})

test('a workflow that allows an argument which its step does not have is refused with line and column', async () => {
  const text = `name: hello
steps:
  - id: send
    http: { method: POST, url: https://erp.example.com/, body: { total: 1 } }
    allowUntrusted: [body.totl]
`
  const response = await kit.app.request('/api/v1/workflows/hello', {
    method: 'PUT',
    body: text,
    headers: { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'application/yaml' },
  })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    problems: [{ line: 5, column: 22, message: "'body.totl' is no argument of this step; did you mean 'total'?" }],
  })
})
