import { expect, it } from 'vitest'
import { countedOf } from '../../evals/evaluate'

it('a figure of no case is said and left out, not given as 0', () => {
  const said: string[] = []
  const figures = [
    { metric: 'recall', value: 0, n: 0 },
    { metric: 'precision', value: 0, n: 3 },
  ]
  expect(countedOf({ set: 'tables', skill: 'tables' }, figures, (line) => said.push(line))).toEqual([figures[1]])
  expect(said).toEqual(['tables/tables: recall is left out, there was nothing to count'])
})
