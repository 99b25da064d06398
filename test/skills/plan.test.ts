import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkWorkflow, judgePlan, readGoals } from '../../evals/sets/plan.ts'
import { agents } from '../../workers/agents'
import { catalogueOf } from '../../workers/agents/catalogue'
import type { Json } from '../../workers/domain/json'
import type { ChatAnswer, ChatModel } from '../../workers/domain/models'
import { skills } from '../../workers/skills'
import { readDuration } from '../../workers/skills/plan/durations'
import { piecesOf, readGoal } from '../../workers/skills/plan/goal'
import type { PlanOperation } from '../../workers/skills/plan/schema'
import { evaluateCondition, resolveTemplate } from '../../workers/workflows/expressions'
import { parseWorkflow } from '../../workers/workflows/parse'

const catalogue = catalogueOf(agents)
const plan = (goal: string, more: PlanOperation[] = []) => skills.plan.run({ goal, catalogue: [...catalogue, ...more] }, { checkWorkflow })
const GOALS = ['dev', 'held-out'].flatMap((part) => readGoals(`evals/data/plan/${part}`))

describe('a plan without a model', () => {
  it.each(GOALS.map(({ id, goal }) => [id, goal]))('passes the checks and says what it is made of: %s', async (_id, goal) => {
    const planned = await plan(goal)
    expect(planned.problems).toEqual([])
    expect(planned).toMatchObject({ checked: true, provider: 'embedded', degraded: false })
  })

  it('passes the checks whatever the words are', async () => {
    const words = GOALS.flatMap(({ goal }) => goal.split(' ')).concat([
      '{{',
      '}}',
      '${{ x }}',
      '{% if %}',
      '"',
      "'",
      '#',
      ': ',
      '\n',
      '⟦u9⟧',
      'http://',
      '- ',
    ])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 25 }), async (some) => {
        const goal = some.join(' ').trim()
        if (goal !== '') expect((await plan(goal)).problems).toEqual([])
      }),
      { numRuns: 60, seed: 7 },
    )
  })

  it('reads limits and addresses into vars, and asks a person where the value could not be read', async () => {
    const { source, assumptions } = await plan(
      'If the invoice total is over 5.000,50 € ask a manager for approval, then mail it to a@example.com.',
    )
    expect(source).toContain('totalGrossLimit: 5000.5')
    expect(source).toContain('mailTo: a@example.com')
    expect(source).toMatch(/if: steps\.totalGross\.output == null \|\| steps\.totalGross\.output > vars\.totalGrossLimit/)
    expect(assumptions.join()).toContain('manager')
  })

  it('asks above the limit and where nothing was read, and not below', async () => {
    const { source } = await plan('If the invoice total is over 5000 EUR ask a manager for approval.')
    const { steps, vars } = (await parseWorkflow(source, { agents })).definition
    const value = steps.find((step) => step.kind === 'set')
    const gate = steps.find((step) => step.kind === 'if')
    const asksAt = (fields: { name: string; normalized: number }[]) => {
      const run = { id: 'run_1', workflow: 'w', startedAt: '2025-01-01T00:00:00Z', trigger: 'api' }
      const outcome = (output: Json) => ({ status: 'completed' as const, output })
      const before = { input: {}, vars, run, steps: { extract: outcome({ fields }) } }
      const totalGross = resolveTemplate(value?.kind === 'set' ? value.value : null, before)
      return evaluateCondition(gate?.kind === 'if' ? gate.condition : '', {
        ...before,
        steps: { ...before.steps, totalGross: outcome(totalGross) },
      })
    }
    expect([asksAt([{ name: 'totalGross', normalized: 5001 }]), asksAt([{ name: 'totalGross', normalized: 5000 }]), asksAt([])]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('sends a written text alone to its reader', async () => {
    const { source } = await plan('Classify the mail, draft an answer to it and send it back to the sender.')
    expect(source).toMatch(/text: \|\n\s+\{\{ steps\.draft\.output\.text \}\}\n\S*outputs/)
  })

  it('does what comes after "before" and "afterwards" in any case', async () => {
    const { steps, source } = await plan('For invoices above 900 EUR get approval from the boss before mailing a summary to b@example.com.')
    expect(steps.map(({ does }) => does)).toContain('action.mail')
    expect(source).toMatch(/\n {2}# .*\n {2}- id: mail\n/)
  })

  it('writes down in the answer and in the run what no operation does', async () => {
    const { unsupported, source } = await plan('Fold the invoice into a paper plane and throw it at Bob.')
    expect(unsupported.join()).toContain('paper plane')
    expect(source).toContain('Not done')
  })

  it('uses an operation of the catalogue that a goal names, and asks for what it needs', async () => {
    const slack: PlanOperation = {
      agent: 'slack',
      operation: 'post',
      summary: 'Posts a message to a channel.',
      hasEffects: true,
      input: { type: 'object', required: ['channel', 'text'], properties: { channel: { type: 'string' }, text: { type: 'string' } } },
    }
    const { source, unsupported } = await skills.plan.run(
      { goal: 'Summarise the contract and post it to Slack.', catalogue: [...catalogue, slack] },
      {},
    )
    expect(unsupported).toEqual([])
    expect(source).toContain('agent: slack')
    expect(source).toContain('${{ input.postChannel }}')
  })

  it('says that it was not checked where nobody could', async () => {
    expect(await skills.plan.run({ goal: 'Summarise the contract.', catalogue }, {})).toMatchObject({ checked: false, problems: [] })
  })
})

describe('a plan of a model', () => {
  const answer = (workflow: string) => ({ workflow, trigger: 'api', assumptions: ['a'], unsupported: [] })
  const good = 'name: good\ntitle: Good\nsteps:\n  - id: one\n    set: 1\n'
  const scripted = (...texts: string[]): ChatModel & { asked: string[] } => {
    const asked: string[] = []
    return {
      asked,
      complete: async ({ messages }): Promise<ChatAnswer> => {
        asked.push(messages.at(-1)?.content ?? '')
        const json = answer(texts[Math.min(asked.length, texts.length) - 1] ?? '')
        return {
          text: '',
          json,
          toolCalls: [],
          finish: 'stop',
          provider: 'scripted',
          model: 'm',
          inputTokens: 1,
          outputTokens: 1,
          latencyMs: 1,
        }
      },
    }
  }

  it('is given back when it passes the checks', async () => {
    const planned = await skills.plan.run({ goal: 'Count.', catalogue }, { checkWorkflow, chatModel: scripted(good) })
    expect(planned).toMatchObject({ name: 'good', title: 'Good', source: good, checked: true, assumptions: ['a'], provider: 'scripted' })
  })

  it('is told of its problems once', async () => {
    const chatModel = scripted('name: bad\nsteps: []\n', good)
    expect(await skills.plan.run({ goal: 'Count.', catalogue }, { checkWorkflow, chatModel })).toMatchObject({
      name: 'good',
      provider: 'scripted',
    })
    expect(chatModel.asked).toHaveLength(2)
    expect(chatModel.asked[1]).toContain('a workflow needs at least one step')
  })

  it('gives way to the rules when they remain', async () => {
    const chatModel = scripted('name: bad\nsteps: []\n')
    expect(await skills.plan.run({ goal: 'Summarise it.', catalogue }, { checkWorkflow, chatModel })).toMatchObject({
      provider: 'embedded',
      degraded: true,
      checked: true,
    })
  })
})

describe('reading a goal', () => {
  it.each([
    ['wait two weeks', '14d'],
    ['warte 3 Tage', '3d'],
    ['after an hour', '1h'],
    ['soon', undefined],
  ])('reads %j as %s', (words, duration) => expect(readDuration(words)).toBe(duration))

  it('splits at what joins two things to do, and not inside numbers and addresses', () => {
    const goal = readGoal('Read 1,200.50 and mail it to a.b@x.example.com, otherwise call https://x.example.com/a.b.')
    expect(goal).toMatchObject({ mails: ['a.b@x.example.com'], language: 'en' })
    expect(piecesOf(goal).map(({ text, joint }) => [text.slice(0, 12), joint])).toEqual([
      ['Read 1,200.5', 'start'],
      ['and mail it ', 'next'],
      ['otherwise ca', 'else'],
    ])
  })
})

describe('judging a plan', () => {
  it('counts a missing step and a wrong limit', async () => {
    const gold = {
      id: 'x',
      lang: 'en' as const,
      goal: 'If the total is over 10 EUR ask a person.',
      steps: ['analysis.tags'],
      unsupported: [],
      trigger: null,
    }
    const judged = await judgePlan({ ...gold, conditions: [{ about: 'totalGross', is: '> 11' }] })
    expect(judged).toMatchObject({ passes: true, missing: ['analysis.tags'], conditions: { exact: false } })
  })
})
