import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EvaluationOrder } from '../../workers/api/evaluation-order'
import { readDataset } from '../../workers/domain/datasets'
import { BETTER } from '../../workers/domain/evaluation-metrics'
import { GateDraft } from '../../workers/domain/workflow-gates'

const page = readFileSync(join(import.meta.dirname, '../../docs/EVALUATIONS.md'), 'utf8')
const bodies = (path: string) =>
  [...page.matchAll(new RegExp(`${path}"[^\\n]*-d '(\\{[\\s\\S]*?\\})'\\n`, 'g'))].map((match) => match[1] ?? '')

test('the page of evaluations shows bodies that are accepted', () => {
  const orders = bodies('/api/v1/evaluations')
  expect(orders).toHaveLength(2)
  for (const order of orders) EvaluationOrder.parse(JSON.parse(order.replace("'$VERSION'", 'v1')))
  expect(bodies('/api/v1/workflows/hello/gate').map((gate) => GateDraft.parse(JSON.parse(gate)).rules.length)).toEqual([2])
  const [, lines = ''] = /<<'JSON'\n([\s\S]*?)JSON\n/.exec(page) ?? []
  expect(readDataset(lines)).toHaveLength(2)
})

test('the page of evaluations names every kind of metric', () => {
  for (const kind of Object.keys(BETTER)) expect(page).toContain(`\`${kind}\``)
})
