import { expect, test } from 'vitest'
import { checkLicences } from '../../scripts/check-licences'

const check = (packages: Parameters<typeof checkLicences>[0], installed: Record<string, string> = {}) =>
  checkLicences(packages, (path) => installed[path])

test('licences that ask for a notice at the most are allowed, one of several is enough, and all of several are needed', () => {
  const { problems } = check({
    'node_modules/a': { license: 'MIT' },
    'node_modules/b': { license: '(AFL-2.1 OR BSD-3-Clause)' },
    'node_modules/c': { license: 'MIT AND GPL-3.0-only', version: '1.0.0' },
    'node_modules/a/node_modules/d': { license: 'AGPL-3.0-or-later', version: '2.0.0' },
  })
  expect(problems).toEqual(['c 1.0.0: MIT AND GPL-3.0-only (deployed)', 'd 2.0.0: AGPL-3.0-or-later (deployed)'])
})

test('an exception counts for its package and its licence, and never for what is deployed', () => {
  const lightning = { license: 'MPL-2.0', version: '1.0.0' }
  expect(check({ 'node_modules/lightningcss': { ...lightning, dev: true } }).problems).toEqual([])
  expect(check({ 'node_modules/lightningcss': lightning }).problems).toHaveLength(1)
  expect(check({ 'node_modules/lightningcss': { ...lightning, license: 'GPL-3.0-only', dev: true } }).problems).toHaveLength(1)
  expect(check({ 'node_modules/other': { ...lightning, dev: true } }).problems).toHaveLength(1)
})

test('without a licence in the lock the installed package is read, and only a binary of another platform may be unread', () => {
  expect(check({ 'node_modules/a': { dev: true } }, { 'node_modules/a': 'MIT' }).problems).toEqual([])
  expect(check({ 'node_modules/a': { dev: true } }).problems).toHaveLength(1)
  expect(check({ 'node_modules/a': { dev: true, optional: true } })).toMatchObject({ problems: [], unread: ['a'], checked: 0 })
})
