/**
 * Adds the optional platform packages that npm leaves out of package-lock.json when a registry mirror does not serve
 * them, so that `npm ci` accepts the lockfile on every platform. Run it after each change of dependencies.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface LockedPackage {
  version?: string
  dev?: boolean
  optional?: boolean
  extraneous?: boolean
  optionalDependencies?: Record<string, string>
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockedPackage> }
const packages = lock.packages

/** Whether Node's look-up from `path` upwards finds `name`. */
function isResolvable(path: string, name: string): boolean {
  for (let directory = path; ; directory = parentOf(directory)) {
    const candidate = directory === '' ? `node_modules/${name}` : `${directory}/node_modules/${name}`
    if (packages[candidate] !== undefined) return true
    if (directory === '') return false
  }
}

function parentOf(directory: string): string {
  const nested = directory.lastIndexOf('/node_modules/')
  return nested === -1 ? '' : directory.slice(0, nested)
}

// Leftovers of peer resolution: `npm ci` does not install them, and they would hide a missing optional package.
for (const [path, entry] of Object.entries(packages)) if (entry.extraneous) delete packages[path]

let added = 0
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (isResolvable(path, name)) continue
    const top = `node_modules/${name}`
    const place = packages[top] === undefined ? top : `${path}/node_modules/${name}`
    packages[place] = { version: range.replace(/^[\^~]/, ''), ...(entry.dev ? { dev: true } : {}), optional: true }
    added += 1
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`completed the lockfile: ${added} optional packages added`)
