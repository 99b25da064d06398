import { describe, expect, it } from 'vitest'
import type { Step } from '../../web/src/api/types'
import { bareStep } from '../../web/src/graph/bare-step'
import { foldPlan } from '../../web/src/graph/fold'
import { type Plan, planSteps } from '../../web/src/graph/plan'

const step = (id: string): Step => bareStep(id, 'analysis', id)
const common = (id: string) => {
  const { retry, onError } = step(id)
  return { id, retry, onError }
}
const parallel = (id: string, ...branches: Step[][]): Step => ({
  ...common(id),
  kind: 'parallel',
  branches: branches.map((steps, index) => ({ id: `b${index}`, steps })),
})
const choice = (id: string, yes: Step[], no: Step[]): Step => ({ ...common(id), kind: 'if', condition: 'true', then: yes, else: no })
const forEach = (id: string, ...steps: Step[]): Step => ({ ...common(id), kind: 'forEach', items: [], concurrency: 1, steps })

const edges = (plan: Plan): string[] => plan.edges.map(({ from, to }) => `${from}>${to}`).sort()
const places = (plan: Plan): Record<string, [number, number]> =>
  Object.fromEntries(plan.nodes.map(({ id, layer, lane }) => [id, [layer, lane]]))

describe('the plan of a workflow', () => {
  it('puts a sequence on one lane', () => {
    const plan = planSteps([step('a'), step('b'), step('c')])
    expect(places(plan)).toEqual({ a: [0, 0], b: [1, 0], c: [2, 0] })
    expect(edges(plan)).toEqual(['a>b', 'b>c'])
  })

  it('puts branches beside each other and what surrounds them in their middle', () => {
    const plan = planSteps([step('a'), parallel('p', [step('x')], [step('y')], [step('z')]), step('b')])
    expect(places(plan)).toEqual({ a: [0, 1], x: [1, 0], y: [1, 1], z: [1, 2], b: [2, 1] })
    expect(edges(plan)).toEqual(['a>x', 'a>y', 'a>z', 'x>b', 'y>b', 'z>b'])
    expect(plan.lanes).toBe(3)
  })

  it('keeps the node of a parallel step that follows several ends, so that edges do not multiply', () => {
    const plan = planSteps([parallel('p', [step('x')], [step('y')]), parallel('q', [step('u')], [step('v')])])
    expect(edges(plan)).toEqual(['p>x', 'p>y', 'q>u', 'q>v', 'x>q', 'y>q'])
  })

  it('leads past a choice without an else', () => {
    expect(edges(planSteps([choice('c', [step('yes')], []), step('end')]))).toEqual(['c>end', 'c>yes', 'yes>end'])
  })

  it('marks what a forEach repeats', () => {
    const plan = planSteps([forEach('each', step('read')), step('end')])
    expect(plan.nodes.filter((node) => node.repeated).map((node) => node.id)).toEqual(['read'])
    expect(edges(plan)).toEqual(['each>read', 'read>end'])
  })

  it('shows where an error goes', () => {
    const plan = planSteps([{ ...step('a'), onError: { kind: 'goto', step: 'c' } }, step('b'), step('c')])
    expect(plan.edges).toContainEqual({ id: 'a>c:onError', from: 'a', to: 'c', kind: 'onError' })
  })

  it('never puts two steps on one place', () => {
    const inner = parallel('q', [step('q1'), choice('c', [step('c1')], [step('c2')])], [step('q2')])
    const plan = planSteps([step('a'), parallel('p', [step('x'), inner], [step('y')], [forEach('e', step('e1'), step('e2'))]), step('b')])
    const taken = plan.nodes.map(({ layer, lane }) => `${layer}/${lane}`)
    expect(new Set(taken).size).toBe(taken.length)
    expect(Math.max(...plan.nodes.map((node) => node.layer))).toBe(plan.layers - 1)
    for (const { from, to } of plan.edges) expect(places(plan)[from]?.[0]).toBeLessThan(places(plan)[to]?.[0] ?? 0)
  })

  it('is empty for no steps', () => {
    expect(planSteps([])).toMatchObject({ nodes: [], edges: [], layers: 0 })
  })
})

describe('a plan folded into rows', () => {
  const plan = planSteps([step('a'), step('b'), parallel('p', [step('x')], [step('y')], [step('z')]), step('c'), step('d')])
  const placed = (perRow: number) => Object.fromEntries(foldPlan(plan.nodes, plan.layers, perRow).places)

  it('stays in one row where there is room', () => {
    expect(foldPlan(plan.nodes, plan.layers, 9)).toMatchObject({ columns: 5, lines: 3 })
    expect(placed(9).d).toEqual({ column: 4, line: 1, rowTop: 0 })
  })

  it('is broken into rows of even length, each as high as its own lanes', () => {
    expect(placed(3)).toMatchObject({
      a: { column: 0, line: 1 },
      x: { column: 2, line: 0 },
      c: { column: 0, line: 3.5 },
      d: { column: 1, line: 3.5 },
    })
    expect(foldPlan(plan.nodes, plan.layers, 4).columns).toBe(3)
  })

  it('has a place for every step, however narrow', () => {
    for (const perRow of [0, 1, 2]) expect(foldPlan(plan.nodes, plan.layers, perRow).places.size).toBe(plan.nodes.length)
  })

  it('is empty for no steps', () => {
    expect(foldPlan([], 0, 4)).toMatchObject({ lines: 0 })
  })
})
