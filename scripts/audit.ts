/**
 * `npm run audit`: secrets in the files of the repository, licences of the packages, and known holes in those that are deployed. Exit code
 * 1: one of them found something. Where the registry answers no audit, that is said, and the rest counts.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
/** Hashes of packages, texts of others with invented numbers, and what is no text. */
const NOT_SCANNED = /^(?:package-lock\.json|evals\/data\/|examples\/|test\/fixtures\/)|\.(?:png|pdf|wasm|bin|ico|woff2?|traineddata)$/

const outcomes = [secrets(), licences(), holes()]
for (const outcome of outcomes) console.log(outcome.line)
process.exitCode = outcomes.every(({ isFine }) => isFine) ? 0 : 1

interface Outcome {
  isFine: boolean
  line: string
}

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

/** What npm says of the packages that are deployed: holes of high severity end the run, others are shown. */
function holes(): Outcome {
  const parameters = ['audit', '--omit=dev', '--audit-level=high', '--json']
  const { stdout, error } = spawnSync('npm', parameters, {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const answer = parse(stdout)
  const found = answer?.metadata?.vulnerabilities
  if (error !== undefined || found === undefined) {
    const why = error?.message ?? answer?.message ?? 'no answer'
    return {
      isFine: true,
      line: `known holes: NOT CHECKED, the registry answers no audit (${why}); run npm audit --omit=dev where it does`,
    }
  }
  const counts = Object.entries(found).map(([severity, count]) => `${count} ${severity}`)
  const isFine = (found.high ?? 0) + (found.critical ?? 0) === 0
  if (!isFine) console.error(stdout)
  return { isFine, line: `known holes: ${counts.join(', ')}` }
}

interface NpmAudit {
  message?: string
  metadata?: { vulnerabilities?: Record<string, number> }
}
function parse(text: string): NpmAudit | undefined {
  try {
    return JSON.parse(text) as NpmAudit
  } catch {
    return undefined
  }
}
