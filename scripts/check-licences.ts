/**
 * `node scripts/check-licences.ts`: every package that package-lock.json names, also those that only build or test, has a licence that is
 * allowed here, or stands among the exceptions with the reason. Exit code 1: one has not.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface LockedPackage {
  version?: string
  license?: string
  /** Not part of what is installed for production. */
  dev?: boolean
  optional?: boolean
}

/** They ask for a notice at the most. */
const ALLOWED = new Set(
  'MIT MIT-0 Apache-2.0 BSD-2-Clause BSD-3-Clause ISC 0BSD BlueOak-1.0.0 CC0-1.0 Unlicense Python-2.0 OFL-1.1 Zlib'.split(' '),
)

/** Packages that only tools on a developer's machine use: none of their code is in what is deployed. */
const EXCEPTIONS: { packages: RegExp; licences: string[]; reason: string }[] = [
  {
    packages: /^@img\/sharp/,
    licences: ['LGPL-3.0-or-later'],
    reason: 'Image library of the local simulator, linked dynamically; not deployed.',
  },
  { packages: /^lightningcss/, licences: ['MPL-2.0'], reason: 'Compiles the style sheet; used unchanged, and its output is ours.' },
  { packages: /^spdx-exceptions$/, licences: ['CC-BY-3.0'], reason: 'A list of names that secretlint reads; not deployed.' },
  {
    packages: /^(?:binaryextensions|editions|istextorbinary|textextensions|version-range)$/,
    licences: ['Artistic-2.0'],
    reason: 'secretlint tells text from binary with it; used unchanged, not deployed.',
  },
  { packages: /^@azu\/style-format$/, licences: ['WTFPL'], reason: "Colours of secretlint's messages; not deployed." },
]

export interface LicenceCheck {
  checked: number
  /** Binaries for other platforms whose licence the lock does not have: not installed here, so not read. */
  unread: string[]
  problems: string[]
  excepted: string[]
}

/** Judges the packages of a lock. `installed` reads the licence of a package that the lock has none for; undefined: it is not installed. */
export function checkLicences(packages: Record<string, LockedPackage>, installed: (path: string) => string | undefined): LicenceCheck {
  const result: LicenceCheck = { checked: 0, unread: [], problems: [], excepted: [] }
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '') continue
    const name = path.split('node_modules/').at(-1) ?? path
    const licence = entry.license ?? installed(path)
    if (licence === undefined && entry.optional === true) {
      result.unread.push(name)
      continue
    }
    result.checked += 1
    if (licence !== undefined && isAllowed(licence, ALLOWED)) continue
    const exception = EXCEPTIONS.find(
      ({ packages: names, licences }) => names.test(name) && isAllowed(licence ?? '', new Set([...ALLOWED, ...licences])),
    )
    if (exception !== undefined && entry.dev === true) result.excepted.push(`${name}: ${exception.reason}`)
    else result.problems.push(`${name} ${entry.version ?? ''}: ${licence ?? 'no licence'}${entry.dev ? '' : ' (deployed)'}`)
  }
  return result
}

/** An SPDX expression without nesting: one of what stands between OR, all of what stands between AND. */
function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const flat = expression.replace(/^\((.*)\)$/, '$1')
  return flat.split(' OR ').some((choice) => choice.split(' AND ').every((part) => allowed.has(part.trim())))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = join(import.meta.dirname, '..')
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, LockedPackage> }
  const { checked, unread, problems, excepted } = checkLicences(packages, (path) => {
    const file = join(root, path, 'package.json')
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { license?: string }).license : undefined
  })
  for (const problem of problems) console.error(`licence not allowed: ${problem}`)
  console.log(
    `${checked} licences, ${problems.length} not allowed, ${excepted.length} by exception, ${unread.length} of other platforms not read`,
  )
  process.exitCode = problems.length === 0 ? 0 : 1
}
