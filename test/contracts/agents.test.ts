import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { agents } from '../../workers/agents'

const root = resolve(__dirname, '../..')
const folder = join(root, 'workers/agents')
const FILES = readdirSync(folder).filter(
  (file) =>
    file.endsWith('.ts') && /^export const \w+(: Agent)? = (defineAgent|create\w+Agent)\(/m.test(readFileSync(join(folder, file), 'utf8')),
)

test('every file that defines an agent is in the registry, under the name of the file', () => {
  expect(FILES.map((file) => file.replace('.ts', '')).sort()).toEqual(Object.keys(agents).sort())
})

describe.each(Object.entries(agents))('agent %s', (type, agent) => {
  test('says what it is and has a queue in both scripts', () => {
    expect(agent.type).toBe(type)
    expect(agent.summary).toMatch(/\.$/)
    expect(readFileSync(join(root, 'wrangler.toml'), 'utf8')).toContain(`queue = "steward-${type}"`)
    expect(readFileSync(join(folder, 'wrangler.toml'), 'utf8')).toContain(`queue = "steward-${type}"`)
  })

  test.each(Object.entries(agent.operations))('%s has a summary and an example that fits its input', (_name, operation) => {
    expect(operation.summary).toMatch(/\.$/)
    expect(operation.input.safeParse(operation.example).success).toBe(true)
  })
})
