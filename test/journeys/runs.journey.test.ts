import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { type Client, createClient } from '../../scripts/client.ts'

interface Run {
  id: string
  status: string
  outputs?: unknown
  error?: { reason?: string; message: string }
  waits: { kind: string }[]
  forkedFrom?: { runId: string }
}

const url = process.env.STEWARD_URL ?? ''
let client: Client
beforeAll(() => {
  client = createClient(url, process.env.STEWARD_API_KEY ?? '')
})

const until = async (id: string, ...statuses: string[]): Promise<Run> => {
  for (let tries = 0; tries < 300; tries += 1) {
    const run = await client.get<Run>(`/api/v1/runs/${id}`)
    if (statuses.includes(run.status)) return run
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`run ${id} never became ${statuses.join(' or ')}`)
}
const save = (name: string, yaml: string) => client.put(`/api/v1/workflows/${name}`, yaml, 'application/yaml')
const execute = (workflow: string, input: unknown) => client.post<Run>('/api/v1/workflows/execute', { workflow, input })
const answer = (id: string, body: unknown) => client.put(`/api/v1/runs/${id}/continue`, JSON.stringify(body), 'application/json')

test('one agent alone runs as a run of one step', async () => {
  const file = new Uint8Array(readFileSync('examples/orders.csv'))
  const { document } = await client.upload<{ document: { id: string } }>('/api/v1/documents', 'orders.csv', file)
  const started = await client.post<Run>('/api/v1/agents/ingestion/trigger', { operation: 'parse', input: { documentId: document.id } })
  const run = await until(started.id, 'completed', 'failed')
  expect(run.error).toBeUndefined()
  expect(JSON.stringify(run.outputs)).toContain('"format":"csv"')
})

test('a workflow with mistakes is refused with the place of each', async () => {
  const refused = await save('wrong', 'name: wrong\nsteps:\n  - id: one\n    agent: ingestor\n    operation: parse\n').catch(
    (error: unknown) => String(error),
  )
  expect(refused).toContain('answered 400')
  expect(refused).toContain("did you mean 'ingestion'")
  expect(refused).toMatch(/"line":4/)
})

test('an event that comes before its wait is kept; the same run goes on', async () => {
  await save(
    'paid',
    "name: paid\ninput: { type: object }\nsteps:\n  - id: paid\n    wait: { event: payment, correlation: '{{ input.order }}', timeout: 1h }\noutputs: '${{ steps.paid.output.payload.amount }}'\n",
  )
  const run = await execute('paid', { order: 'o-1' })
  await until(run.id, 'waiting')
  await answer(run.id, { event: 'payment', correlation: 'o-1', payload: { amount: 12 } })
  expect((await until(run.id, 'completed')).outputs).toBe(12)
})

test('cancelling stops a waiting run and keeps its record', async () => {
  await save('sleepy', 'name: sleepy\ninput: { type: object }\nsteps:\n  - id: nap\n    wait: { for: 1h }\n')
  const run = await execute('sleepy', {})
  expect((await until(run.id, 'waiting')).waits).toMatchObject([{ kind: 'duration' }])
  await fetch(`${url}/api/v1/runs/${run.id}`, { method: 'DELETE', headers: { authorization: `Bearer ${process.env.STEWARD_API_KEY}` } })
  await until(run.id, 'cancelled')
  expect((await client.get<{ items: { type: string }[] }>(`/api/v1/runs/${run.id}/logs`)).items.at(-1)?.type).toBe('run.cancelled')
})

test('a fork repeats a run with another output from the step on', async () => {
  await save(
    'asked',
    "name: asked\ninput: { type: object }\nsteps:\n  - id: ask\n    approval: { title: 'Well?', details: {} }\n  - id: said\n    set: '${{ steps.ask.output.approved }}'\noutputs: '${{ steps.said.output }}'\n",
  )
  const run = await execute('asked', {})
  await until(run.id, 'waiting')
  const { approvals } = await client.get<{ approvals: { id: string }[] }>(`/api/v1/runs/${run.id}`)
  await answer(run.id, { approvalId: approvals[0]?.id, decision: 'approve' })
  expect((await until(run.id, 'completed')).outputs).toBe(true)
  const fork = await client.post<Run>(`/api/v1/runs/${run.id}/fork`, { fromStep: 'said' })
  const again = await until(fork.id, 'completed')
  expect(again).toMatchObject({ outputs: true, forkedFrom: { runId: run.id } })
})

test("the day's mail becomes one report", async () => {
  const raw = new Uint8Array(readFileSync('examples/invoice-by-mail.eml'))
  const delivered = await fetch(
    `${url}/cdn-cgi/handler/email?from=a@free.example&to=${encodeURIComponent('document-intake+acme@steward.example')}`,
    { method: 'POST', body: raw },
  )
  expect(delivered.ok).toBe(true)
  const run = await execute('inbox-digest', { date: new Date().toISOString().slice(0, 10) })
  const done = await until(run.id, 'completed', 'failed')
  expect(done.error).toBeUndefined()
  const reports = await client.get<{ items: { formats: string[] }[] }>(`/api/v1/runs/${run.id}/reports`)
  expect(reports.items[0]?.formats).toContain('pdf')
})
