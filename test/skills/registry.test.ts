import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { skills } from '../../workers/skills'

const folders = readdirSync('workers/skills', { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && readdirSync(`workers/skills/${entry.name}`).includes('index.ts'),
)

describe('skills', () => {
  it('are all registered', () => {
    expect(Object.keys(skills).sort()).toEqual(folders.map((entry) => entry.name).sort())
  })

  it.each(Object.entries(skills))('%s runs its own example and answers in its schema', async (name, skill) => {
    expect(skill.name).toBe(name)
    expect(skill.summary).toMatch(/^[A-Z].*\.$/)
    const run = skill.run as (input: unknown, context: object) => Promise<{ provider: string; degraded: boolean }>
    const answer = await run(skill.input.parse(skill.example), {})
    expect(answer).toMatchObject({ provider: 'embedded', degraded: false })
    expect(skill.output.safeParse(answer).error).toBeUndefined()
  })

  it.each(Object.entries(skills))('%s gives the same answer twice', async (_, skill) => {
    const run = skill.run as (input: unknown, context: object) => Promise<unknown>
    expect(await run(skill.input.parse(skill.example), {})).toEqual(await run(skill.input.parse(skill.example), {}))
  })
})
