import { expect, it } from 'vitest'
import { renderPrompt } from '../../workers/domain/prompts'
import { skills } from '../../workers/skills'
import { builtInPrompts } from '../../workers/skills/built-in-prompts'
import type { Skill } from '../../workers/skills/skill'

it('every prompt of a skill is found, by a name of its own, and renders with its variables', async () => {
  const prompts = await builtInPrompts(skills as Record<string, Skill>)
  const names = prompts.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
  expect(names).toEqual(expect.arrayContaining(['classification', 'draft', 'fields', 'rewrite', 'summary']))
  for (const { name, text, variables } of prompts) {
    expect(name).toMatch(/^[a-z][a-z0-9-]*$/)
    expect(renderPrompt(text, variables).length).toBeGreaterThan(40)
  }
})
