import { execFile } from 'node:child_process'

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

/**
 * What npm knows of holes in the packages that are deployed: one of high severity or worse ends the run, others are shown. A registry that
 * answers no audit is said loudly and ends nothing, because then nobody knows.
 */
export async function findHoles(root: string, env: NodeJS.ProcessEnv = process.env): Promise<Outcome> {
  const { stdout, failure } = await npmAudit(root, env)
  const answer = parse(stdout)
  const found = answer?.metadata?.vulnerabilities
  if (found === undefined) return { isFine: true, line: notChecked(answer?.message ?? failure ?? 'no answer') }
  const counts = Object.entries(found).map(([severity, count]) => `${count} ${severity}`)
  const isFine = (found.high ?? 0) + (found.critical ?? 0) === 0
  return { isFine, line: `known holes: ${counts.join(', ')}`, ...(!isFine && { details: stdout }) }
}

function notChecked(why: string): string {
  const banner = '!'.repeat(78)
  return `${banner}\nknown holes: NOT CHECKED, the registry answers no audit (${why}).\nRun npm audit --omit=dev where it does.\n${banner}`
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
