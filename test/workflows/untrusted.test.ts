import { expect, test } from 'vitest'
import { agents } from '../../workers/agents'
import { AppError } from '../../workers/domain/error'
import { parseWorkflow } from '../../workers/workflows/parse'

const HEAD = `name: test
steps:
  - { id: read, agent: analysis, operation: extract, input: { documentId: "\${{ input.documentId }}" } }
`
const MAIL = `  - id: send
    agent: action
    operation: mail
    input: { to: anna@example.com, subject: "{{ steps.read.output.class }}", text: Hello, attachments: [] }
`
const parse = (text: string) => parseWorkflow(text, { agents })
const problemsOf = (text: string) =>
  parse(text).then(
    () => [],
    (thrown: unknown) => (thrown instanceof AppError ? (thrown.problems ?? []) : Promise.reject(thrown)),
  )

test('a step that acts may say which arguments may come from untrusted text', async () => {
  const { definition } = await parse(`${HEAD}${MAIL}    allowUntrusted: [subject, text]\n`)
  expect(definition.steps[1]).toMatchObject({ hasEffects: true, allowUntrusted: ['subject', 'text'] })
  expect((await parse(`${HEAD}${MAIL}    allowUntrusted: true\n`)).definition.steps[1]).toMatchObject({ allowUntrusted: true })
})

test('a run is told which operations act, and which parts of an output they make themselves', async () => {
  const { definition } = await parse(`${HEAD}${MAIL}`)
  expect(definition.steps).toMatchObject([{ hasEffects: false }, { hasEffects: true, output: { own: true } }])
})

test('below a template any path may be allowed', async () => {
  const post = (body: string, allowed: string) =>
    `${HEAD}  - { id: post, http: { method: POST, url: https://erp.example.com/, body: ${body} }, allowUntrusted: [${allowed}] }\n`
  expect(await problemsOf(post('"${{ steps.read.output }}"', 'body.fields, "body.lineItems[*].amount"'))).toEqual([])
  expect(await problemsOf(post('{ lines: [{ a: "{{ steps.read.output.class }}" }] }', '"body.lines[0].a"'))).toEqual([])
})

test('an argument that the step does not have is named with its line, its column and what was meant', async () => {
  expect(await problemsOf(`${HEAD}${MAIL}    allowUntrusted:\n      - subject\n      - txt\n`)).toMatchObject([
    { line: 10, column: 9, path: 'steps[1].allowUntrusted[1]', message: "'txt' is no argument of this step; did you mean 'text'?" },
  ])
})

test('steps that do not act take no such list', async () => {
  expect(await problemsOf(`${HEAD.trimEnd().slice(0, -2)}, allowUntrusted: true }\n`)).toMatchObject([
    { line: 3, message: 'allowUntrusted is for steps that act; analysis.extract does not, so remove it' },
  ])
  expect(await problemsOf(`${HEAD}  - { id: a, set: 1, allowUntrusted: true }\n`)).toMatchObject([
    { line: 4, message: "allowUntrusted is for agent and http steps; remove it from 'a'" },
  ])
})

test.each(['false', 'subject', '[]', '["a..b"]', '[" "]'])('allowUntrusted: %s is refused with what to write', async (value) => {
  const [problem] = await problemsOf(`${HEAD}${MAIL}    allowUntrusted: ${value}\n`)
  expect(problem).toMatchObject({ line: 8 })
  expect(problem?.message).toMatch(/write (true, or a list of arguments|the path of an argument)|name at least one argument/)
})
