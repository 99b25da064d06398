import { describe, expect, it } from 'vitest'
import { AppError, type Problem } from '../../workers/domain/error'
import { DEFAULT_RETRY } from '../../workers/domain/workflows'
import { checkAgainstSchema } from '../../workers/workflows/json-schema'
import { parseWorkflow } from '../../workers/workflows/parse'
import { workflowJsonSchema } from '../../workers/workflows/schema'
import { agents } from './agents'

const parse = (text: string) => parseWorkflow(text, { agents, now: '2026-11-21T05:00:00.000Z' })
const problemsOf = async (text: string): Promise<Problem[]> => {
  const error = await parse(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`expected a refusal, got ${String(error)}`)
  return error.problems ?? []
}
const steps = (yaml: string) => `name: w\nsteps:\n${yaml.replace(/^/gm, '  ')}`

const EVERYTHING = `
name: everything
title: Everything
input: { type: object, properties: { documentId: { type: string }, pages: { type: array } }, additionalProperties: false }
vars: { limit: 1000, retries: 2 }
steps:
  - id: parse
    agent: ingestion
    operation: parse
    input: { documentId: "\${{ input.documentId }}" }
    retry: { attempts: 5, initial: 500ms, max: 2m, jitter: 0, on: [unavailable] }
    timeout: 90s
    onError: { goto: last }
  - id: checks
    parallel:
      a:
        - { id: sum, set: "\${{ 1 + 2 }}" }
      b:
        - { id: call, http: { method: POST, url: "https://example.com/{{ steps.parse.output.title }}", body: { n: "\${{ vars.limit }}" }, secret: crm }, retry: 1 }
  - id: pages
    forEach: "\${{ input.pages }}"
    concurrency: 3
    steps:
      - { id: one, set: "\${{ item.n + index }}" }
    output: "\${{ steps.one.output }}"
  - id: gate
    if: steps.sum.output > vars.limit && size(steps.pages.output) > 0
    then:
      - { id: ask, approval: { title: "Pay {{ steps.sum.output }}?", expiresAfter: 2d, onReject: continue } }
    else:
      - { id: shape, validate: { value: "\${{ input }}", schema: { type: object } }, onError: { continue: { ok: false } } }
  - { id: pause, wait: { for: 1.5s }, when: "has(steps.parse.output.title)" }
  - { id: paid, wait: { event: payment, correlation: "{{ run.id }}", timeout: 2h } }
  - { id: last, set: { done: true } }
outputs: { sum: "\${{ steps.sum.output }}" }
`

describe('parseWorkflow', () => {
  it('reads every kind of step with its defaults', async () => {
    const version = await parse(EVERYTHING)
    expect(version).toMatchObject({
      name: 'everything',
      version: expect.stringMatching(/^[0-9a-f]{16}$/),
      builtIn: false,
      createdAt: '2026-11-21T05:00:00.000Z',
      source: EVERYTHING,
    })
    const [first, checks, pages, gate, pause, paid] = version.definition.steps
    expect(first).toMatchObject({
      kind: 'agent',
      timeoutMs: 90_000,
      retry: { maxAttempts: 5, initialMs: 500, factor: 2, maxMs: 120_000, jitter: 0, on: ['unavailable'] },
      onError: { kind: 'goto', step: 'last' },
    })
    expect(checks).toMatchObject({
      kind: 'parallel',
      retry: { maxAttempts: 1 },
      branches: [
        { id: 'a' },
        { id: 'b', steps: [{ kind: 'http', method: 'POST', headers: {}, retry: { ...DEFAULT_RETRY, maxAttempts: 1 } }] },
      ],
    })
    expect(pages).toMatchObject({ kind: 'forEach', concurrency: 3, output: '${{ steps.one.output }}' })
    expect(gate).toMatchObject({
      kind: 'if',
      then: [{ kind: 'approval', expiresAfterMs: 172_800_000, onExpire: 'reject', onReject: 'continue', details: {} }],
      else: [{ kind: 'validate', onError: { kind: 'continue', output: { ok: false } } }],
    })
    expect(pause).toMatchObject({ kind: 'wait', durationMs: 1_500, when: 'has(steps.parse.output.title)' })
    expect(paid).toMatchObject({ kind: 'waitEvent', timeoutMs: 7_200_000 })
  })

  it('reads whether whoever started the run may decide its approval', async () => {
    const approval = async (more: string) => (await parse(steps(`- { id: ask, approval: { title: Pay?${more} } }`))).definition.steps[0]
    expect(await approval(', preventSelfApproval: true')).toMatchObject({ kind: 'approval', preventSelfApproval: true })
    expect(await approval(', preventSelfApproval: false, onExpire: approve')).toMatchObject({ preventSelfApproval: false })
    expect(await approval('')).not.toHaveProperty('preventSelfApproval')
  })

  it('gives the same version for the same text and another for another', async () => {
    const version = async (text: string) => (await parse(text)).version
    expect(await version(EVERYTHING)).toBe(await version(EVERYTHING))
    expect(await version(`${EVERYTHING}# note\n`)).not.toBe(await version(EVERYTHING))
  })

  it('takes branches as a list, and reads outputs of joined branches', async () => {
    const text = steps(
      '- id: p\n  parallel:\n    - { id: x, steps: [{ id: a, set: 1 }] }\n    - { id: y, steps: [{ id: b, set: 2 }] }\n- { id: c, set: "${{ steps.a.output + steps.b.output }}" }',
    )
    expect((await parse(text)).definition.steps[0]).toMatchObject({ kind: 'parallel', branches: [{ id: 'x' }, { id: 'y' }] })
  })

  it('collects all problems in the order of the file', async () => {
    const problems = await problemsOf(
      steps(
        '- id: a\n  agent: ingestor\n  operation: parse\n  input: { documentId: x }\n- id: b\n  agent: analysis\n  operation: clasify\n- id: a\n  set: "${{ steps.zz.output }}"',
      ),
    )
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [4, "unknown agent 'ingestor'; did you mean 'ingestion'?"],
      [9, "agent 'analysis' has no operation 'clasify'; did you mean 'classify'?"],
      [10, "the id 'a' is used twice, first on line 3; choose another"],
      [11, "there is no step 'zz'; did you mean 'a'?"],
    ])
  })

  it('tells what else is wrong beside a misspelt key', async () => {
    const text =
      'name: w\nsteps:\n  - { id: a, agnt: ingestion, operation: parse }\n  - { id: b, set: 1, onError: { goto: zz } }\n  - { id: b, set: 2 }\n'
    const refused = await parseWorkflow(text, { agents, file: 'w.yaml' }).catch((thrown: unknown) => thrown)
    const problems = refused instanceof AppError ? (refused.problems ?? []) : []
    expect(problems.every(({ file }) => file === 'w.yaml')).toBe(true)
    expect(problems.map(({ line }) => line)).toEqual([3, 4, 5])
    expect(problems[0]?.message).toContain("'agnt' is not known here; did you mean 'agent'")
  })

  it.each([
    ['a misspelt key', '- { id: a, set: 1, retyr: 2 }', /'retyr' is not known here; did you mean 'retry'/, 3],
    ['two kinds', '- id: a\n  set: 1\n  http: { url: https://example.com }', /has both 'set' and 'http'/, 5],
    ['no kind', '- id: a', /does nothing; give it one of agent, set/, 3],
    ['a foreign key', '- id: a\n  set: 1\n  concurrency: 4', /'concurrency' belongs to 'forEach'/, 5],
    [
      'time that approves in the place of somebody else',
      '- id: a\n  approval: { title: Pay?, expiresAfter: 1d, onExpire: approve, preventSelfApproval: true }',
      /has preventSelfApproval, so time may not approve it; write onExpire: reject/,
      4,
    ],
    ['a bad duration', '- id: a\n  wait: { for: 5 minutes }', /number and a unit: 500ms/, 4],
    [
      'a deep misspelling',
      '- id: a\n  parallel:\n    x:\n      - { id: b, set: 1, naem: n }',
      /'naem' is not known here; did you mean 'name'/,
      6,
    ],
    [
      'goto backwards',
      '- { id: a, set: 1 }\n- id: b\n  http: { url: https://example.com }\n  onError: { goto: a }',
      /leads back and could go round for ever/,
      6,
    ],
    [
      'goto nowhere',
      '- id: a\n  http: { url: https://example.com }\n  onError: { goto: bb }\n- { id: bc, set: 1 }',
      /leads nowhere.*did you mean 'bc'/,
      5,
    ],
    ['a later step', '- { id: a, set: "${{ steps.b.output }}" }\n- { id: b, set: 1 }', /step 'b' has not ended at this place/, 3],
    ['itself', '- { id: a, set: "${{ steps.a.output }}" }', /step 'a' has not ended/, 3],
    [
      'a sibling branch',
      '- id: p\n  parallel:\n    x: [{ id: a, set: 1 }]\n    y: [{ id: b, set: "${{ steps.a.output }}" }]',
      /step 'a' has not ended/,
      6,
    ],
    [
      'a step inside a forEach',
      '- id: f\n  forEach: [1]\n  steps: [{ id: a, set: "${{ item }}" }]\n- { id: b, set: "${{ steps.a.output }}" }',
      /step 'a' has not ended|another forEach/,
      6,
    ],
    ['item outside a forEach', '- { id: a, set: "{{ item.name }}" }', /'item' exists only inside/, 3],
    ['an unknown var', '- { id: a, set: "${{ vars.limt }}" }', /vars\.limt does not exist/, 3],
    ['an outcome without output', '- { id: a, set: 1 }\n- { id: b, set: "${{ steps.a.total }}" }', /write steps\.a\.output\.total/, 4],
    ['broken CEL', '- { id: a, set: 1, when: "1 +" }', /In '1 \+'/, 3],
    ['a condition that is no condition', '- { id: a, set: 1, when: "1 + 1" }', /gives a/, 3],
    ['broken Liquid', '- { id: a, set: "Hi {{ input.x" }', /not closed/, 3],
    ['an unknown filter', '- { id: a, set: "{{ input.x | shout }}" }', /no filter .shout.; did you mean/, 3],
    ['dead steps', '- id: a\n  if: "false"\n  then: [{ id: b, set: 1 }]\n  else: [{ id: c, set: 1 }]', /step 'b' can never be reached/, 5],
    [
      'an unknown member of an input',
      '- id: a\n  agent: ingestion\n  operation: parse\n  input: { documentID: x, documentId: y }',
      /takes no 'documentID'; did you mean 'documentId'/,
      6,
    ],
    [
      'a missing member of an input',
      '- id: a\n  agent: quality\n  operation: check\n  input: { documentId: x, fields: [] }',
      /'class' is missing; add it/,
      6,
    ],
    [
      'a constant of the wrong kind',
      '- id: a\n  agent: report\n  operation: write\n  input: { template: document-report, data: "${{ input }}", formats: [pfd] }',
      /formats\[0\]' does not fit/,
      6,
    ],
    ['credentials in an address', '- { id: a, http: { url: "https://u:p@example.com" } }', /store them as a secret/, 3],
    ['a broken schema', '- { id: a, validate: { value: 1, schema: { type: txt } } }', /no JSON type/, 3],
    ['retry where it means nothing', '- { id: a, set: 1, retry: 3 }', /retry is for agent and http steps/, 3],
  ])('explains %s', async (_, yaml, message, line) => {
    const problems = await problemsOf(steps(yaml))
    expect(problems.map((problem) => problem.message).join('\n')).toMatch(message)
    expect(problems.find((problem) => message.test(problem.message))).toMatchObject({
      line,
      column: expect.any(Number),
      path: expect.any(String),
    })
  })

  it('says where YAML is broken, and refuses alias bombs, duplicate keys and huge files', async () => {
    expect((await problemsOf('name: w\nsteps: [\n'))[0]).toMatchObject({ line: expect.any(Number) })
    expect((await problemsOf('name: w\nname: v\nsteps: []'))[0]).toMatchObject({ line: 2 })
    const bomb = `a: &a [1,1,1,1,1,1,1,1,1]\n${['b', 'c', 'd', 'e', 'f', 'g'].map((key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdef'[at]}`).join(',')}]`).join('\n')}`
    expect((await problemsOf(bomb))[0]?.message).toMatch(/aliases/)
    await expect(parse(`name: w # ${'x'.repeat(300_000)}`)).rejects.toMatchObject({ code: 'too_large' })
    expect((await problemsOf(`name: w\nsteps: ${'['.repeat(200)}${']'.repeat(200)}`)).length).toBeGreaterThan(0)
    for (const text of ['', '[]', 'hello', 'null', 'name: w', 'steps: 5']) expect((await problemsOf(text)).length).toBeGreaterThan(0)
  })

  it('takes a member of a closed input schema only when it is there', async () => {
    const text = `name: w\ninput: { type: object, properties: { a: { type: string } }, additionalProperties: false }\nsteps:\n  - { id: x, set: "\${{ input.b }}" }`
    expect((await problemsOf(text))[0]?.message).toBe("input.b does not exist; did you mean 'a'?")
  })
})

describe('workflowJsonSchema', () => {
  it('accepts what the parser accepts and refuses unknown keys', async () => {
    const { parse: parseYaml } = await import('yaml')
    const schema = workflowJsonSchema()
    expect(checkAgainstSchema(schema, parseYaml(EVERYTHING))).toEqual([])
    expect(checkAgainstSchema(schema, { name: 'w', steps: [{ id: 'a', foo: 1 }] })).not.toEqual([])
  })
})
