import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steward-secrets-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** As `npm run audit` scans. */
function scan(text: string) {
  const file = join(folder, 'planted.ts')
  writeFileSync(file, text)
  const parameters = ['--secretlintrc', join(root, '.ci/secretlint.json'), '--no-glob', '--maskSecrets', file]
  const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/secretlint'), parameters, { cwd: root, encoding: 'utf8' })
  return { status, stdout }
}
/** Put together here, so that this file itself holds none. */
const together = (...parts: string[]) => parts.join('')

test.each([
  ['a token of Slack', together('xoxb-', '123456789012-', '1234567890123-', 'abcdefghijklmnopqrstuvwx')],
  ['a token of GitHub', together('ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8')],
  [
    'a private key',
    together('-----BEGIN RSA ', 'PRIVATE KEY-----\n', 'MIIEpAIBAAKCAQEA7v\n'.repeat(8), '-----END RSA ', 'PRIVATE KEY-----\n'),
  ],
  ['an address with a password', together('postgres://', 'admin:hunter2hunter2', '@db.example.com/main')],
])('%s is found and not shown', (_, secret) => {
  const { status, stdout } = scan(`export const value = \`${secret}\`\n`)
  expect(status).toBe(1)
  expect(stdout).toContain('planted.ts')
  expect(stdout).not.toContain(secret.slice(8, 40))
})

test('a file without a secret is clean', () => expect(scan('export const value = 1\n').status).toBe(0))
