import { expect, test } from 'vitest'
import { agents } from '../../workers/agents'
import { dryRunOf } from '../../workers/domain/dry-runs'
import type { Json } from '../../workers/domain/json'
import { parseWorkflow } from '../../workers/workflows/parse'
import { walk } from '../workflows/walk'

const hasEffects = (agent: string, operation: string) => agents[agent]?.operations[operation]?.hasEffects === true
const load = async (text: string) => (await parseWorkflow(text, { agents })).definition

const ACTING = `name: acting
input: { type: object }
steps:
  - id: each
    forEach: \${{ input.items }}
    steps:
      - id: gate
        if: item > 1
        then:
          - id: tell
            agent: action
            operation: webhook
            input: { event: told, data: { item: "\${{ item }}" } }
      - id: both
        parallel:
          left:
            - id: post
              http: { method: POST, url: "https://example.com/{{ item }}", body: { n: "\${{ item }}" } }
          right:
            - id: read
              http: { url: "https://example.com/{{ item }}" }
  - id: ask
    approval: { title: "Well?", details: { n: 1 } }
  - id: rest
    wait: { for: 1h }
outputs:
  approved: \${{ steps.ask.output.approved }}
  items: \${{ steps.each.output }}
`

test('what acts or waits is replaced wherever it stands, and the rest is kept', async () => {
  const { definition, simulated } = dryRunOf(await load(ACTING), hasEffects)
  expect(simulated).toEqual(['tell', 'post', 'ask', 'rest'])
  const asked: string[] = []
  const { outputs, scope } = walk(definition, { items: [1, 2] }, (step): Json => {
    asked.push(`${step.kind} ${step.id}`)
    return { status: 200, body: 'read' }
  })
  expect(asked).toEqual(['http read', 'http read'])
  expect(outputs).toMatchObject({ approved: true })
  expect(scope.steps.ask?.output).toEqual({ approved: true, by: 'evaluation', comment: null, details: { n: 1 } })
})

test('a step that is not carried out gives what it would have sent', async () => {
  const text = `name: one
steps:
  - id: post
    http: { method: POST, url: "https://example.com/{{ input.id }}", body: { id: "\${{ input.id }}" } }
outputs: \${{ steps.post.output }}
`
  const { definition } = dryRunOf(await load(text), hasEffects)
  const none = (): never => {
    throw new Error('nothing may be asked')
  }
  expect(walk(definition, { id: 'a' }, none).outputs).toEqual({
    dryRun: true,
    status: 200,
    headers: {},
    body: null,
    would: { method: 'POST', url: 'https://example.com/a', body: { id: 'a' } },
  })
})

test('a wait for an event is refused, because nobody knows what it would bring', async () => {
  const text = 'name: one\nsteps:\n  - id: paid\n    wait: { event: payment, correlation: x }\n'
  const definition = await load(text)
  expect(() => dryRunOf(definition, hasEffects)).toThrowError(
    expect.objectContaining({ code: 'invalid', message: expect.stringContaining("'paid'") }),
  )
})

test('a workflow without effects stays as it is', async () => {
  const definition = await load('name: one\nsteps:\n  - id: a\n    set: 1\n')
  expect(dryRunOf(definition, hasEffects)).toEqual({ definition, simulated: [] })
})
