import { describe, expect, it } from 'vitest'
import { judgeMeaning, readMeanings } from '../../evals/plan-meaning.ts'
import { type Given, walk } from '../../evals/plan-walk.ts'
import { checkWorkflow, readGoals } from '../../evals/sets/plan.ts'
import { agents } from '../../workers/agents'
import { catalogueOf } from '../../workers/agents/catalogue'
import { skills } from '../../workers/skills'
import type { PlanOutput } from '../../workers/skills/plan/schema'
import { parseWorkflow } from '../../workers/workflows/parse'

const catalogue = catalogueOf(agents)
const plan = (goal: string) => skills.plan.run({ goal, catalogue }, { checkWorkflow })
const FOLDERS = ['dev', 'held-out'].map((part) => `evals/data/plan/${part}`)
const DEV = readMeanings(FOLDERS[0] ?? '')
const ALL = FOLDERS.flatMap((folder) => [...readMeanings(folder), ...readGoals(folder)]).map(({ id, goal }) => [id, goal] as const)

/** What a run of the goal's workflow does with what is given. */
async function does(goal: string, given: Given): Promise<string[]> {
  return walk((await parseWorkflow((await plan(goal)).source, { agents })).definition, given)
}

const named = ({ unsupported, unread }: PlanOutput): string => [...unsupported, ...unread].join('\n')

describe('what a plan means', () => {
  it.each(DEV.map((gold) => [gold.goal, gold] as const))('%s', async (goal, gold) => {
    const planned = await plan(goal)
    expect(planned.problems).toEqual([])
    expect(judgeMeaning(gold, planned, (await parseWorkflow(planned.source, { agents })).definition)).toEqual([])
  })

  it('is seen by the judge when it is wrong', async () => {
    const planned = await plan('If the total is over 10 EUR ask a person.')
    const { definition } = await parseWorkflow(planned.source, { agents })
    const gold = { id: 'x', lang: 'en' as const, goal: planned.title, trigger: 'api', unread: [] }
    expect(judgeMeaning({ ...gold, cases: [{ given: { totalGross: 11 }, does: ['approval'] }] }, planned, definition)).toEqual([])
    expect(judgeMeaning({ ...gold, cases: [{ given: { totalGross: 9 }, does: ['approval'] }] }, planned, definition)).toHaveLength(1)
  })
})

describe('conditions, evaluated', () => {
  const BETWEEN = 'Is the total between 100 and 1.000 Euro, mail a@x.example.'
  const NEITHER = 'If the total does not exceed 500 EUR, post it to https://x.example/in.'
  const UNLESS = 'Ask accounting for approval unless the supplier is Initech Ltd or the total is at most 50 EUR.'
  const LIST = 'Ask a manager if the invoice has no due date, no IBAN or a total of more than 2k.'
  it.each<[string, Given, string[]]>([
    [BETWEEN, { totalGross: 99.99 }, []],
    [BETWEEN, { totalGross: 100 }, ['mail a@x.example']],
    [BETWEEN, { totalGross: 1000 }, ['mail a@x.example']],
    [BETWEEN, { totalGross: 1000.01 }, []],
    [NEITHER, { totalGross: 500 }, ['post https://x.example/in']],
    [NEITHER, { totalGross: 501 }, []],
    [NEITHER, {}, []],
    [UNLESS, { issuer: 'Globex', totalGross: 60 }, ['approval']],
    [UNLESS, { issuer: 'INITECH LTD.', totalGross: 60 }, []],
    [UNLESS, { issuer: 'Globex', totalGross: 50 }, []],
    [LIST, { dueDate: '2026-01-01', iban: 'DE1', totalGross: 10 }, []],
    [LIST, { dueDate: '2026-01-01', totalGross: 10 }, ['approval']],
    [LIST, { dueDate: '2026-01-01', iban: 'DE1', totalGross: 2001 }, ['approval']],
  ])('%s With %j: %j', async (goal, given, effects) => {
    expect((await does(goal, given)).filter((one) => /^(?:approval|mail|post)/.test(one))).toEqual(effects)
  })
})

describe('nothing of a goal is lost', () => {
  const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim()

  it.each(ALL)('%s: its clauses are the whole goal, and each became something or is named', async (_id, goal) => {
    const planned = await plan(goal)
    expect(squeezed(planned.clauses.map(({ words }) => words).join(' '))).toBe(squeezed(goal.replace(/(?<=es sei denn),/gi, ' ')))
    for (const { words, became } of planned.clauses) {
      const isNamed = named(planned).includes(words.replace(/[.,;:!?]+$/, '')) || planned.unread.some((line) => line.includes(`“${words}”`))
      expect(became.length > 0 || isNamed, `“${words}” became nothing and is not named`).toBe(true)
    }
  })

  it.each(ALL)('%s: a word that nobody knows is named, or stands in the workflow itself, whatever stands around it', async (_id, goal) => {
    const words = goal.split(' ')
    for (let at = 1 + (words.length % 7); at <= words.length; at += 11) {
      const planned = await plan([...words.slice(0, at), 'glimmerfrost', ...words.slice(at)].join(' '))
      expect(planned.problems).toEqual([])
      const { vars, steps } = (await parseWorkflow(planned.source, { agents })).definition
      expect(`${named(planned)}${JSON.stringify([vars, steps])}`.toLowerCase(), `at word ${at}`).toContain('glimmerfrost')
    }
  })

  it('does nothing under a condition that cannot be told, and says so', async () => {
    const planned = await plan('If the moon is full, mail it to a@x.example, otherwise post it to https://x.example/in.')
    expect(walk((await parseWorkflow(planned.source, { agents })).definition, {})).toEqual(['ingestion.parse'])
    expect(named(planned)).toContain('If the moon is full')
    expect(named(planned)).toContain('mail it to a@x.example')
    expect(named(planned)).toContain('https://x.example/in')
  })
})
