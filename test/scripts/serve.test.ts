import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serveOptions } from '../../scripts/serve'

const root = join(import.meta.dirname, '../..')

test('no settings file lets tenants call this machine', () => {
  for (const file of ['wrangler.toml', 'workers/agents/wrangler.toml', 'workers/models/wrangler.toml'])
    expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(/^\s*ALLOW_LOOPBACK/m)
})

test('serving allows loopback by its own setting only, and by no other word than true', () => {
  for (const env of [{}, { ALLOW_LOOPBACK: 'true' }, { STEWARD_ALLOW_LOOPBACK: '' }, { STEWARD_ALLOW_LOOPBACK: '1' }])
    expect(serveOptions(env).allowLoopback, JSON.stringify(env)).toBe(false)
  expect(serveOptions({ STEWARD_ALLOW_LOOPBACK: 'true' }).allowLoopback).toBe(true)
})
