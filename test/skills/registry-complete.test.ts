import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { skills } from '../../workers/skills'

const TESTS = readdirSync('test/skills', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'))
const SETS = readdirSync('evals/sets')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(`evals/sets/${file}`, 'utf8'))
const INDEX = readFileSync('docs/SKILLS.md', 'utf8')

describe.each(Object.keys(skills))('the skill %s', (name) => {
  it('has a page that tells of both ways', () => {
    const path = `docs/skills/${name}.md`
    expect(existsSync(path)).toBe(true)
    const page = readFileSync(path, 'utf8')
    expect(page).toMatch(new RegExp(`^# (?:Skill: )?${name}$`, 'im'))
    expect(page).toMatch(/embedded|without a model/i)
    expect(page).toMatch(/prompt way|way of a model|with a model|configured model/i)
  })

  it('has both ways in its folder', () => {
    const files = readdirSync(`workers/skills/${name}`)
    expect(files).toEqual(expect.arrayContaining(['embedded.ts', 'index.ts', 'prompt.ts', 'schema.ts']))
  })

  it('has a test', () => {
    expect(TESTS.filter((file) => file.replaceAll('\\', '/').split('/').at(-1)?.startsWith(name))).not.toEqual([])
  })

  it('has an evaluation', () => {
    expect(SETS.some((source) => new RegExp(`skill: '${name}'`).test(source))).toBe(true)
  })

  it('stands in the index of skills', () => {
    expect(INDEX).toContain(`(skills/${name}.md)`)
  })
})
