import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Outcome {
  isFine: boolean
  line: string
  /** All that npm said, where it found something that ends the run. */
  details?: string
}

interface NpmAudit {
  message?: string
  metadata?: { vulnerabilities?: Record<string, number> }
}

const TIMEOUT_MS = 60_000

/** Versions that were published to do harm, by package, with the reason: known without asking anybody. */
type Refused = Record<string, Record<string, string>>
const REFUSED = JSON.parse(readFileSync(join(import.meta.dirname, 'refused-versions.json'), 'utf8')) as Refused

/**
 * What is known of holes in the packages. A version of `refused-versions.json` anywhere in the lock ends the run, with or without a
 * network: such packages act where they are installed. Of the packages that are deployed npm is asked too: a hole of high severity or worse
 * ends the run, others are shown. A registry that answers no audit is said loudly and ends nothing, because then nobody knows; with
 * `AUDIT_MUST_ANSWER=true`, for who releases, it ends the run.
 */
export async function findHoles(root: string, env: NodeJS.ProcessEnv = process.env): Promise<Outcome> {
  const refused = refusedIn(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock)
  if (refused.length > 0) return { isFine: false, line: `known holes: ${refused.length} REFUSED VERSIONS`, details: refused.join('\n') }
  const { stdout, failure } = await npmAudit(root, env)
  const answer = parse(stdout)
  const found = answer?.metadata?.vulnerabilities
  if (found === undefined) return { isFine: env.AUDIT_MUST_ANSWER !== 'true', line: notChecked(answer?.message ?? failure ?? 'no answer') }
  const counts = Object.entries(found).map(([severity, count]) => `${count} ${severity}`)
  const isFine = (found.high ?? 0) + (found.critical ?? 0) === 0
  return { isFine, line: `known holes: ${counts.join(', ')}`, ...(!isFine && { details: stdout }) }
}

interface Lock {
  packages?: Record<string, { version?: string; name?: string }>
}

function refusedIn({ packages = {} }: Lock): string[] {
  return Object.entries(packages).flatMap(([place, { version = '', name = place.split('node_modules/').at(-1) ?? '' }]) => {
    const why = REFUSED[name]?.[version]
    return why === undefined ? [] : [`${name} ${version}: ${why}`]
  })
}

function notChecked(why: string): string {
  const banner = '!'.repeat(78)
  return `${banner}\nknown holes: NOT CHECKED but for the list of refused versions: the registry answers no audit (${why}).\nRun npm audit --omit=dev where it does.\n${banner}`
}

/** npm ends with 1 when it found something, so its exit code says nothing here. */
async function npmAudit(root: string, env: NodeJS.ProcessEnv): Promise<{ stdout: string; failure: string | undefined }> {
  const parameters = ['audit', '--omit=dev', '--audit-level=high', '--json']
  return await new Promise((resolve) => {
    execFile('npm', parameters, { cwd: root, env, timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 }, (error, stdout) =>
      resolve({ stdout, failure: error?.message }),
    )
  })
}

function parse(text: string): NpmAudit | undefined {
  try {
    return JSON.parse(text) as NpmAudit
  } catch {
    return undefined
  }
}
