import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { wranglerEnv } from '../../scripts/launch'
import { serveOptions } from '../../scripts/serve'

const root = join(import.meta.dirname, '../..')

afterEach(() => vi.unstubAllEnvs())

test('no settings file lets tenants call this machine', () => {
  for (const file of ['wrangler.toml', 'workers/agents/wrangler.toml', 'workers/models/wrangler.toml'])
    expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(/^\s*ALLOW_LOOPBACK/m)
})

test('serving allows loopback by its own setting only, and by no other word than true', () => {
  for (const env of [{}, { ALLOW_LOOPBACK: 'true' }, { STEWARD_ALLOW_LOOPBACK: '' }, { STEWARD_ALLOW_LOOPBACK: '1' }])
    expect(serveOptions(env).allowLoopback, JSON.stringify(env)).toBe(false)
  expect(serveOptions({ STEWARD_ALLOW_LOOPBACK: 'true' }).allowLoopback).toBe(true)
})

test('V8 looks for garbage early, unless the environment says otherwise', () => {
  vi.stubEnv('MINIFLARE_WORKERD_V8_FLAGS', undefined)
  expect(wranglerEnv().MINIFLARE_WORKERD_V8_FLAGS).toContain('--memory-balancer ')
  vi.stubEnv('MINIFLARE_WORKERD_V8_FLAGS', '--gc-global')
  expect(wranglerEnv().MINIFLARE_WORKERD_V8_FLAGS).toBe('--gc-global')
})

test.each([
  [undefined, 'glibc.pthread.rseq=0'],
  ['', 'glibc.pthread.rseq=0'],
  ['glibc.malloc.check=1', 'glibc.malloc.check=1:glibc.pthread.rseq=0'],
  ['glibc.pthread.rseq=1:glibc.malloc.check=1', 'glibc.pthread.rseq=1:glibc.malloc.check=1'],
])("the allocator of workerd gets glibc's sequences, unless the environment says otherwise: %s", (set, expected) => {
  vi.stubEnv('GLIBC_TUNABLES', set)
  expect(wranglerEnv().GLIBC_TUNABLES).toBe(expected)
})
