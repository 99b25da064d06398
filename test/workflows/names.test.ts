import { MemorySaver } from '@langchain/langgraph'
import { describe, expect, test } from 'vitest'
import { compileSequence } from '../../durable-objects/run/compile'
import { agents } from '../../workers/agents'
import type { Step } from '../../workers/domain/workflows'
import { checkAgainstSchema } from '../../workers/workflows/json-schema'
import { parseWorkflow } from '../../workers/workflows/parse'
import { AuthoredStep, workflowJsonSchema } from '../../workers/workflows/schema'

const parse = (text: string) => parseWorkflow(text, { agents })
/** What an object has by itself, what LangGraph calls its own, and words that are only suspicious. */
const NAMES = [
  ...Object.getOwnPropertyNames(Object.prototype),
  ...['__start__', '__end__', '__interrupt__', '__pregel_tasks', 'at', 'START', 'END', 'tasks', 'branch', 'prototype', 'then', 'name'],
  ...['length', 'input', 'output', 'steps', 'start', 'end', 'next', 'interrupt', 'resume', 'error', 'config', 'checkpoint', 'toJSON'],
]
const isTaken = (id: string) => AuthoredStep.safeParse({ id, set: 1 }).success
const graphOf = (id: string) => {
  const step = { id, kind: 'set', value: 1, onError: { kind: 'fail' }, retry: undefined } as never as Step
  return compileSequence([step], () => ({ kind: 'next' }), new MemorySaver())
}

describe('the id of a step', () => {
  test.each(NAMES)("'%s' is refused when the text is checked, or works in a graph", async (id) => {
    if (!isTaken(id)) return await expect(parse(`name: w\nsteps:\n  - id: ${id}\n    set: 1\n`)).rejects.toMatchObject({ code: 'invalid' })
    await expect(graphOf(id).invoke({ at: '' }, { configurable: { thread_id: 't' } })).resolves.toBeDefined()
  })

  test.each(['constructor', 'toString', 'valueOf', 'at'])("'%s' is reserved, and the refusal names the place", async (id) => {
    expect(() => graphOf(id)).toThrow()
    const problems = [{ path: 'steps[1].id', message: expect.stringContaining('reserved'), line: 5, column: 5 }]
    await expect(parse(`name: w\nsteps:\n  - id: a\n    set: 1\n  - id: ${id}\n    set: 1\n`)).rejects.toMatchObject({
      reason: 'workflow',
      problems,
    })
    await expect(
      parse(`name: w\nsteps:\n  - id: a\n    forEach: [1]\n    steps:\n      - id: ${id}\n        set: 1\n`),
    ).rejects.toMatchObject({
      problems: [{ path: 'steps[0].steps[0].id', line: 6, column: 9 }],
    })
  })

  test('that is reserved is marked by editors too', () => {
    const check = (id: string) => checkAgainstSchema(workflowJsonSchema(), { name: 'w', steps: [{ id, set: 1 }] })
    expect(check('fine')).toEqual([])
    for (const id of ['constructor', 'at']) expect(check(id)).not.toEqual([])
  })
})

test.each([
  ['a branch', 'name: w\nsteps:\n  - id: a\n    parallel:\n      one: [{ id: b, set: 1 }]\n      __proto__: [{ id: c, set: 1 }]\n', 6, 7],
  ['a constant', 'name: w\nvars:\n  __proto__: 1\nsteps:\n  - id: a\n    set: 1\n', 3, 3],
  ['a value', 'name: w\nsteps:\n  - id: a\n    set: { x: { "__proto__": 1 } }\n', 4, 17],
])("the key '__proto__' of %s is refused with its place, and not lost", async (_, text, line, column) => {
  await expect(parse(text)).rejects.toMatchObject({ problems: [{ message: expect.stringContaining('__proto__'), line, column }] })
})

test('a branch may have a name that a step may not', async () => {
  const text = 'name: w\nsteps:\n  - id: a\n    parallel:\n      - id: constructor\n        steps: [{ id: b, set: 1 }]\n'
  expect((await parse(text)).definition.steps).toMatchObject([{ branches: [{ id: 'constructor' }] }])
})
