import { beforeAll, expect, test } from 'vitest'
import { type Client, createClient } from '../../scripts/client.ts'

interface Evaluation {
  id: string
  status: string
  simulated: string[]
  error?: { message: string }
  summary?: { failed: number; metrics: { name: string; value: number | null; n: number }[] }
}

let client: Client
beforeAll(() => {
  client = createClient(process.env.STEWARD_URL ?? '', process.env.STEWARD_API_KEY ?? '')
})

async function evaluate(order: object): Promise<Evaluation> {
  const { id } = await client.post<Evaluation>('/api/v1/evaluations', order)
  for (let tries = 0; tries < 300; tries += 1) {
    const evaluation = await client.get<Evaluation>(`/api/v1/evaluations/${id}`)
    if (!['running', 'waiting'].includes(evaluation.status)) return evaluation
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`evaluation ${id} never ended`)
}
const save = (dataset: string, cases: object[]) => client.put(`/api/v1/datasets/${dataset}`, JSON.stringify(cases), 'application/json')
const publish = async (yaml: string, query = '') =>
  (await (await client.put(`/api/v1/workflows/spoken${query}`, yaml, 'application/yaml')).json()) as { version: string }
const valuesOf = ({ summary }: Evaluation) => Object.fromEntries((summary?.metrics ?? []).map(({ name, value }) => [name, value]))

const TEXTS = [
  ['en', 'The meeting was moved to Friday because nobody had time on Thursday.'],
  ['de', 'Die Besprechung wurde auf Freitag verschoben, weil am Donnerstag niemand Zeit hatte.'],
  ['fr', "La réunion a été reportée à vendredi parce que personne n'avait le temps jeudi."],
]

test('a skill is evaluated on a dataset in the background', async () => {
  await save(
    'languages',
    Array.from({ length: 24 }, (_, at) => {
      const [language, text] = TEXTS[at % 3] ?? []
      return { id: `t${at}`, input: { text }, expected: language, tags: [language] }
    }),
  )
  const evaluation = await evaluate({
    target: { skill: 'language' },
    dataset: 'languages',
    metrics: [
      { kind: 'exact', name: 'language', path: 'language' },
      { kind: 'latency', name: 'latency' },
    ],
  })
  expect(evaluation.error).toBeUndefined()
  expect(evaluation).toMatchObject({ status: 'completed', summary: { failed: 0 } })
  expect(valuesOf(evaluation)).toMatchObject({ language: 1 })
})

test('a worse version of a workflow is not published, and nothing of it is acted upon while it is evaluated', async () => {
  const yaml = (greeting: string) => `name: spoken
steps:
  - id: tell
    http: { method: POST, url: "https://nowhere.invalid/told", body: { name: "\${{ input.name }}" } }
  - id: greet
    set: "${greeting} {{ input.name }}"
outputs: { greeting: "\${{ steps.greet.output }}" }
`
  const metric = { kind: 'exact', name: 'right', path: 'greeting' }
  await save(
    'greetings',
    ['Ann', 'Bob', 'Cy'].map((name) => ({ id: name, input: { name }, expected: `Hi ${name}` })),
  )
  await publish(yaml('Hi'))
  const rules = [{ metric, min: 0.9, maxDrop: 0 }]
  await client.put('/api/v1/workflows/spoken/gate', JSON.stringify({ dataset: 'greetings', rules }), 'application/json')
  const published = await evaluate({ target: { workflow: 'spoken' }, gate: true })
  expect(published.error).toBeUndefined()
  expect(published.simulated).toEqual(['tell'])
  expect(valuesOf(published)).toEqual({ right: 1 })

  const draft = await publish(yaml('Ho'), '?draft=true')
  expect(valuesOf(await evaluate({ target: { workflow: 'spoken', version: draft.version }, gate: true }))).toEqual({ right: 0 })
  const refused = await publish(yaml('Ho')).catch((error: unknown) => String(error))
  expect(refused).toContain('answered 409')
  expect(refused).toContain("'right' is 0")
})
