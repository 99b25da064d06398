/**
 * `npm run audit`: secrets in the files of the repository, licences of the packages, and known holes in those that are deployed. Exit code
 * 1: one of them found something. Where the registry answers no audit, that is said, and the rest counts.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { findHoles, type Outcome } from './known-holes.ts'

const root = join(import.meta.dirname, '..')
/** Hashes of packages, texts of others with invented numbers, and what is no text. */
const NOT_SCANNED = /^(?:package-lock\.json|evals\/data\/|examples\/|test\/fixtures\/)|\.(?:png|pdf|wasm|bin|ico|woff2?|traineddata)$/

const outcomes = [secrets(), licences(), await findHoles(root)]
for (const { line, details } of outcomes) {
  if (details !== undefined) console.error(details)
  console.log(line)
}
process.exitCode = outcomes.every(({ isFine }) => isFine) ? 0 : 1

/** Files that are committed, and those that would be. What git ignores (`.dev.vars`) is where secrets belong. */
function secrets(): Outcome {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' })
  const deleted = new Set(execFileSync('git', ['ls-files', '-dz'], { cwd: root, encoding: 'utf8' }).split('\0'))
  const files = listed.split('\0').filter((file) => file !== '' && !deleted.has(file) && !NOT_SCANNED.test(file))
  const parameters = ['--secretlintrc', '.ci/secretlint.json', '--no-glob', '--maskSecrets', ...files]
  const { status } = spawnSync(join(root, 'node_modules/.bin/secretlint'), parameters, { cwd: root, stdio: 'inherit' })
  return { isFine: status === 0, line: `secrets: ${status === 0 ? 'none' : 'FOUND, or not looked for'} in ${files.length} files` }
}

function licences(): Outcome {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/check-licences.ts')], { cwd: root, stdio: 'inherit' })
  return { isFine: status === 0, line: `licences: ${status === 0 ? 'all allowed' : 'NOT ALL ALLOWED'}` }
}
