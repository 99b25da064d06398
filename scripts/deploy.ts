/**
 * `npm run deploy`: provisions what Steward needs on a Cloudflare account, applies the migrations and deploys the three scripts.
 * `npm run deploy -- --dry-run` bundles all three as a deployment would and lists the steps, without account or network.
 * Doing it again changes nothing that is there already.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { bundleScripts, sizeOf } from './bundle.ts'
import { root } from './launch.ts'

const QUEUES = ['ingestion', 'analysis', 'quality', 'report', 'action'].map((agent) => `steward-${agent}`)
const SECRETS = ['STEWARD_MASTER_KEY', 'STEWARD_ADMIN_TOKEN']
const isDryRun = process.argv.includes('--dry-run')

interface Provision {
  what: string
  command: string[]
  /** What wrangler says when it is there already. */
  exists: RegExp
}

const PROVISIONS: Provision[] = [
  { what: 'D1 database steward', command: ['d1', 'create', 'steward'], exists: /already exists/i },
  { what: 'R2 bucket steward-files', command: ['r2', 'bucket', 'create', 'steward-files'], exists: /already exists|you already own/i },
  ...QUEUES.map((queue) => ({
    what: `queue ${queue}`,
    command: ['queues', 'create', queue],
    exists: /already (exists|taken)|name .* is already/i,
  })),
  {
    what: 'Vectorize index steward',
    command: ['vectorize', 'create', 'steward', '--dimensions=512', '--metric=cosine'],
    exists: /already exists|duplicate/i,
  },
]

function wrangler(command: string[]): { status: number; output: string } {
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/wrangler'), command, { cwd: root, encoding: 'utf8' })
  return { status: status ?? 1, output: `${stdout}${stderr}` }
}

function must(what: string, command: string[], exists?: RegExp): void {
  const { status, output } = wrangler(command)
  if (status === 0) console.log(`✓ ${what}`)
  else if (exists?.test(output)) console.log(`· ${what}: there already`)
  else {
    console.error(output)
    throw new Error(`${what} failed: wrangler ${command.join(' ')}`)
  }
}

const scripts = await bundleScripts('production')
for (const script of scripts) console.log(`✓ bundled ${script.name}: ${(sizeOf(script) / 1_048_576).toFixed(1)} MB`)

if (isDryRun) {
  for (const { what, command } of PROVISIONS) console.log(`would create ${what}: wrangler ${command.join(' ')}`)
  for (const secret of SECRETS)
    console.log(`needs secret ${secret}: wrangler secret put ${secret} --env production (for steward and steward-agents)`)
  console.log('would apply migrations/ to D1 and deploy steward-models, steward, steward-agents, in this order')
} else {
  for (const { what, command, exists } of PROVISIONS) must(what, command, exists)
  must('migrations', ['d1', 'migrations', 'apply', 'steward', '--remote', '--env', 'production'])
  for (const name of ['steward-models', 'steward', 'steward-agents']) {
    const script = scripts.find((candidate) => candidate.name === name)
    if (script !== undefined)
      must(`deployed ${name}`, ['deploy', '-c', script.config, ...(script.hasEnvironment ? ['--env', 'production'] : [])])
  }
}
