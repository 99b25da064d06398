import { AppError } from '../domain/error'
import type { BuiltInPrompt, PromptBook } from '../domain/prompts'
import type { Skill } from './skill'

const SEEN = 'prompt_seen'

/**
 * The prompts that skills are built with: version 1 of each. Found by running each skill's own example up to its first question, so
 * that no list can fall behind the skills; a skill that asks no model has none.
 */
export async function builtInPrompts(skills: Record<string, Skill>): Promise<BuiltInPrompt[]> {
  const found: BuiltInPrompt[] = []
  for (const skill of Object.values(skills)) {
    const prompt = await promptOf(skill)
    if (prompt !== undefined && !found.some(({ name }) => name === prompt.name)) found.push(prompt)
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function promptOf(skill: Skill): Promise<BuiltInPrompt | undefined> {
  let seen: BuiltInPrompt | undefined
  // A conflict is nothing that the embedded way stands in for, so the skill stops here.
  const stop = () => new AppError('conflict', 'The prompt was seen.', { reason: SEEN })
  const prompts: PromptBook = {
    choose: async (prompt) => {
      seen = prompt
      throw stop()
    },
    record: async () => undefined,
  }
  const chatModel = { complete: async () => Promise.reject(stop()) }
  try {
    await skill.run(skill.input.parse(skill.example), { chatModel, prompts })
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.reason !== SEEN) throw thrown
  }
  return seen
}
