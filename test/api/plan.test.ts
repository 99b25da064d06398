import { expect, test } from 'vitest'
import { agents } from '../../workers/agents'
import type { ChatModel } from '../../workers/domain/models'
import { parseWorkflow } from '../../workers/workflows/parse'
import { call, createAccount, createKit } from './kit'

const real = { agents, parseWorkflow: (source: string) => parseWorkflow(source, { agents }) }
const goal = 'When an invoice arrives by mail, read the total; if it is over 5000 EUR ask a manager for approval. Then translate it.'

test('a goal becomes a workflow that can be saved as it is, and what it cannot do is named', async () => {
  const kit = createKit(real)
  const acme = await createAccount(kit, 'acme')
  const planned = await call(kit, acme, 'POST', '/api/v1/workflows/plan', { goal })
  expect(planned.status).toBe(200)
  expect(planned.body).toMatchObject({ checked: true, problems: [], provider: 'embedded', degraded: false, trigger: { kind: 'email' } })
  expect(planned.body.unsupported.join()).toContain('translate')
  const saved = await kit.app.request(`/api/v1/workflows/${planned.body.name}`, {
    method: 'PUT',
    body: planned.body.source,
    headers: { Authorization: `Bearer ${acme.apiKey}`, 'Content-Type': 'application/yaml' },
  })
  expect(saved.status).toBe(201)
})

test('a plan names only operations that are here', async () => {
  const kit = createKit()
  const acme = await createAccount(kit, 'acme')
  const { body } = await call(kit, acme, 'POST', '/api/v1/workflows/plan', { goal: 'Summarise every uploaded contract.' })
  expect(body.checked).toBe(true)
  expect(body.source).not.toContain('agent: analysis')
  expect(body.unsupported.length).toBeGreaterThan(0)
})

test('a model whose text keeps failing the checks is replaced by the rules, and the answer says so', async () => {
  const kit = createKit(real)
  const acme = await createAccount(kit, 'acme')
  const wrong = {
    workflow: 'name: x\nsteps:\n  - id: a\n    agent: nobody\n    operation: none\n',
    trigger: 'api',
    assumptions: [],
    unsupported: [],
  }
  const asked: string[] = []
  const chatModel: ChatModel = {
    complete: async ({ messages }) => {
      asked.push(messages.at(-1)?.content ?? '')
      return {
        text: '',
        json: wrong,
        toolCalls: [],
        finish: 'stop',
        provider: 'scripted',
        model: 'm',
        inputTokens: 1,
        outputTokens: 1,
        latencyMs: 1,
      }
    },
  }
  Object.assign(kit.tenant(acme.tenantId).ports, { chatModel })
  const { body } = await call(kit, acme, 'POST', '/api/v1/workflows/plan', { goal })
  expect(body).toMatchObject({ checked: true, provider: 'embedded', degraded: true })
  expect(asked[1]).toContain("unknown agent 'nobody'")
})

test('planning needs the right to write workflows, and a goal', async () => {
  const kit = createKit(real)
  const acme = await createAccount(kit, 'acme')
  expect((await kit.app.request('/api/v1/workflows/plan', { method: 'POST' })).status).toBe(401)
  expect((await call(kit, acme, 'POST', '/api/v1/workflows/plan', { goal: ' ' })).status).toBe(400)
})
