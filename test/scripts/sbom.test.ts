import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { billOf } from '../../scripts/sbom'

const root = join(import.meta.dirname, '../..')
test('the bill of materials names every package that the project asks for, with the version and hash of the lock', () => {
  const bom = billOf(root)
  expect(bom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'steward', type: 'application' } } })
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  for (const [name, range] of Object.entries<string>({ ...dependencies, ...devDependencies })) {
    const { version, integrity } = lock[`node_modules/${name}`]
    const real = /^npm:(.+)@/.exec(range)?.[1] ?? name
    const found = bom.components.find(({ purl }) => purl === `pkg:npm/${real.replace('@', '%40')}@${version}`)
    expect(found, name).toBeDefined()
    const content = Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex')
    expect(found?.hashes, name).toContainEqual({ alg: 'SHA-512', content })
  }
}, 60_000)
