import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findHoles } from '../../scripts/known-holes'

let folder: string
let registry: Server
/** What the registry says of the package `holey`; undefined: it has no audit. */
let advisories: Record<string, object[]> | undefined

const ADVISORY = { id: 1, url: 'https://registry.example/1', title: 'A hole', vulnerable_versions: '*', cwe: [], cvss: { score: 0 } }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'steward-holes-'))
  const dependencies = { holey: '1.0.0' }
  const packages = { '': { name: 'x', version: '1.0.0', dependencies }, 'node_modules/holey': { version: '1.0.0' } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'x', version: '1.0.0', dependencies }))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, packages }))
  registry = createServer((request, response) => {
    const say = (status: number, body: object) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    request.resume()
    if (request.method === 'GET') return say(200, { name: 'holey', versions: { '1.0.0': { name: 'holey', version: '1.0.0' } } })
    return advisories === undefined ? say(405, { message: 'Method Not Allowed' }) : say(200, advisories)
  })
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  registry.close()
  rmSync(folder, { recursive: true, force: true })
})

async function find(more: NodeJS.ProcessEnv = {}) {
  const address = registry.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const npm = { npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_cache: join(folder, 'cache'), npm_config_fetch_retries: '0' }
  return await findHoles(folder, { ...process.env, ...npm, ...more })
}

test('a hole of high severity in what is deployed ends the run, and npm says which', async () => {
  advisories = { holey: [{ ...ADVISORY, severity: 'high' }] }
  const outcome = await find()
  expect(outcome).toMatchObject({ isFine: false, line: expect.stringMatching(/^known holes: .*\b1 high\b/) })
  expect(outcome.details).toContain('A hole')
})

test('a hole of low severity is shown and ends nothing', async () => {
  advisories = { holey: [{ ...ADVISORY, severity: 'low' }] }
  expect(await find()).toMatchObject({ isFine: true, line: expect.stringMatching(/\b1 low\b/) })
})

test('no hole is none', async () => {
  advisories = {}
  expect(await find()).toMatchObject({ isFine: true, line: expect.stringMatching(/\b0 high\b.*\b0 critical\b/) })
})

test.each(['node_modules/event-stream', 'node_modules/other/node_modules/event-stream'])(
  'a version that is known to do harm ends the run without asking anybody: %s',
  async (place) => {
    advisories = undefined
    const lock = (version: string) =>
      JSON.stringify({ name: 'x', lockfileVersion: 3, packages: { '': {}, [place]: { version, dev: true } } })
    writeFileSync(join(folder, 'package-lock.json'), lock('3.3.6'))
    expect(await find()).toMatchObject({ isFine: false, details: expect.stringContaining('event-stream 3.3.6') })
    writeFileSync(join(folder, 'package-lock.json'), lock('3.3.5'))
    expect(await find()).toMatchObject({ isFine: true })
  },
)

test('where an audit is demanded, a registry without one ends the run', async () => {
  advisories = undefined
  expect(await find({ AUDIT_MUST_ANSWER: 'true' })).toMatchObject({ isFine: false, line: expect.stringContaining('NOT CHECKED') })
})

test('a registry without an audit is said loudly', async () => {
  advisories = undefined
  const { isFine, line } = await find()
  expect(isFine).toBe(true)
  expect(line).toMatch(/^!{40}[\s\S]*NOT CHECKED[\s\S]*405[\s\S]*!{40}$/)
})
