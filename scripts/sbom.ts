/**
 * `npm run sbom`: every package of the lock with version, hash and licence, as CycloneDX JSON in `out/sbom.json`. It takes npm 10 or
 * newer and no network. Packages that are not deployed are marked (`cdx:npm:package:development`).
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** npm's answer for the lock is about 1 MB. */
const MAX_BYTES = 64 * 1_048_576

/** What is looked at here and in tests; there is more. */
interface Bom {
  bomFormat: string
  metadata: { component: { name: string; type: string } }
  components: { name: string; version: string; purl: string; hashes?: { alg: string; content: string }[] }[]
}

/** The bill of the project in a folder, named as the project and not as the folder. */
export function billOf(folder: string): Bom {
  const parameters = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only', '--offline']
  const { status, stdout, stderr, error } = spawnSync('npm', parameters, { cwd: folder, encoding: 'utf8', maxBuffer: MAX_BYTES })
  if (error !== undefined || status !== 0) throw new Error(`npm wrote no bill of materials: ${error?.message ?? stderr.trim()}`)
  const bom: Bom = JSON.parse(stdout)
  const { name }: { name: string } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  bom.metadata.component.name = name
  return bom
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const bom = billOf(root)
  mkdirSync(join(root, 'out'), { recursive: true })
  writeFileSync(join(root, 'out/sbom.json'), `${JSON.stringify(bom, null, 2)}\n`)
  console.log(`${bom.components.length} packages in out/sbom.json`)
}
