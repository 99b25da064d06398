/**
 * `npm run deploy`: provisions what Steward needs on a Cloudflare account, applies the migrations and deploys the three scripts with
 * their secrets. `npm run deploy -- --dry-run` bundles all three as a deployment would and lists the steps, without account or network.
 * Doing it again changes nothing that is there already. Secrets are taken from the environment, or made where no script has them.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unstable_readConfig } from 'wrangler'
import { buildEverything } from './build.ts'
import { type BuiltScript, bundleScripts, MOST_PACKED_BYTES, sizeOf } from './bundle.ts'
import { DEPLOYED, databasesOf, PROVISIONS, planSecrets, type SecretPlan, secretsOf, type Wrangler } from './deployment.ts'
import { root } from './launch.ts'

const wrangler: Wrangler = (command) => {
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

await buildEverything(console.log)
const scripts = await bundleScripts('production')
for (const script of scripts) {
  const { bytes, packed } = sizeOf(script)
  const [all, sent, most] = [bytes, packed, MOST_PACKED_BYTES].map((size) => (size / 1_048_576).toFixed(2))
  console.log(`✓ bundled ${script.name}: ${all} MiB, compressed ${sent} MiB`)
  if (packed > MOST_PACKED_BYTES) throw new Error(`${script.name} is larger than the ${most} MiB, compressed, that a Worker may have`)
}
const databases = databasesOf(
  ['steward', 'steward-agents'].map((script) => {
    const { d1_databases: bound, vars } = unstable_readConfig(
      { config: join(root, configOf(script)), env: 'production' },
      { hideWarnings: true },
    )
    return { script, bound, residency: vars.D1_RESIDENCY }
  }),
)
if (process.argv.includes('--dry-run')) tell()
else deploy()

function tell(): void {
  for (const { what, command } of PROVISIONS) console.log(`would create ${what}: wrangler ${command.join(' ')}`)
  console.log(`would apply migrations/ to D1: ${databases.join(', ')}`)
  for (const { name, needs } of DEPLOYED)
    console.log(
      `would deploy ${name}${needs.length === 0 ? '' : ` with ${needs.join(' and ')}, from the environment or made where missing`}`,
    )
}

function deploy(): void {
  for (const { what, command, exists } of PROVISIONS) must(what, command, exists)
  for (const name of databases) must(`migrations of D1 ${name}`, ['d1', 'migrations', 'apply', name, '--remote', '--env', 'production'])
  const found = new Map(DEPLOYED.map(({ name, needs }) => [name, needs.length === 0 ? [] : secretsOf(wrangler, configOf(name))]))
  const { STEWARD_MASTER_KEY, STEWARD_ADMIN_TOKEN } = process.env
  const plan = planSecrets({
    has: (script, secret) => found.get(script)?.includes(secret) ?? false,
    given: { STEWARD_MASTER_KEY, STEWARD_ADMIN_TOKEN },
    mayMake: process.env.CI === undefined,
  })
  // Shown before they are used: whatever happens afterwards, what they seal can be opened.
  for (const [name, value] of Object.entries(plan.made)) console.log(`\nmade ${name}, shown this once; keep it safe:\n  ${value}\n`)
  for (const { name } of DEPLOYED)
    deployScript(
      scripts.find((script) => script.name === name),
      plan,
    )
}

function deployScript(script: BuiltScript | undefined, { set }: SecretPlan): void {
  if (script === undefined) throw new Error('a script was not bundled')
  const secrets = set[script.name as keyof SecretPlan['set']]
  const folder = mkdtempSync(join(tmpdir(), 'steward-deploy-'))
  const file = join(folder, 'secrets.json')
  try {
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 })
    const withSecrets = Object.keys(secrets).length === 0 ? [] : ['--secrets-file', file]
    const inEnvironment = script.hasEnvironment ? ['--env', 'production'] : []
    must(`deployed ${script.name}`, ['deploy', '-c', script.config, ...inEnvironment, ...withSecrets])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function configOf(name: string): string {
  const script = scripts.find((candidate) => candidate.name === name)
  if (script === undefined) throw new Error(`${name} was not bundled`)
  return script.config
}
