/**
 * `npm run serve`: the built scripts on one machine, on Miniflare's API with persisted state and without the development proxy.
 * PORT (8787) and STEWARD_DATA (.steward/serve) may be set, and STEWARD_ALLOW_LOOPBACK=true, which lets tenants call this machine: without
 * it what a tenant names may be a public address only. The benches use `serveSteward` too.
 */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { type BuiltScript, bundleFolderOf, bundleScripts } from './bundle.ts'
import { localSecrets, root, workerdEnv, wranglerEnv } from './launch.ts'

const run = promisify(execFile)

export interface Served {
  url: string
  adminToken: string
  stop(): Promise<void>
}

/** As the crons in wrangler.toml: Miniflare has no clock for them. */
const SWEEP_MS = 300_000

/**
 * Serves the three scripts from one process. `scripts` may be bundled before, so that many starts share one bundle. Sweeps once at the
 * start, because workerd does not fire alarms that fell due while it was down, then as often as the cron.
 */
export async function serveSteward(options: {
  port: number
  dataFolder: string
  scripts?: BuiltScript[]
  /** Opens the inspector of the isolates, for profiles. */
  inspectorPort?: number
  /** Tenants may call hosts on loopback; absent: they may not, whatever a settings file says. */
  allowLoopback?: boolean
  /** Settings and secrets in place of the local ones: another installation has others. */
  vars?: Record<string, string>
  /** Further workers in the same process: what a bench compares with. */
  beside?: V4WorkerOptions[]
}): Promise<Served> {
  const scripts = options.scripts ?? (await bundleScripts(undefined, bundleFolderOf(options.dataFolder)))
  const secrets = { ...localSecrets(), ...loopbackOf(options), ...options.vars }
  await migrate(options.dataFolder)
  // Miniflare takes it from its own environment alone.
  Object.assign(process.env, workerdEnv())
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: options.port,
      ...(options.inspectorPort !== undefined && { inspectorPort: options.inspectorPort }),
      logRequests: false,
      // The folder in which `wrangler d1 migrations apply --persist-to` works.
      resourcePersistencePath: join(options.dataFolder, 'v3'),
      workers: [...scripts.flatMap((script) => assetsApart(workerOf(script, { ...secrets }))), ...(options.beside ?? [])],
    }),
  )
  const url = await miniflare.ready
  const sweep = async () => {
    const door = await miniflare.getWorker('steward')
    await door.scheduled({ cron: '*/5 * * * *' })
  }
  await sweep()
  const clock = setInterval(() => void sweep().catch((thrown) => console.error('the sweep failed', thrown)), SWEEP_MS)
  return {
    url: url.origin,
    adminToken: secrets.STEWARD_ADMIN_TOKEN,
    stop: async () => {
      clearInterval(clock)
      await miniflare.dispose()
    },
  }
}

/** Said in any case: what stands in a settings file for development counts for nothing here. */
const loopbackOf = ({ allowLoopback = false }: { allowLoopback?: boolean }) => ({ ALLOW_LOOPBACK: String(allowLoopback) })

/** What the environment of `npm run serve` asks for. */
export const serveOptions = ({ PORT, STEWARD_DATA, STEWARD_ALLOW_LOOPBACK }: NodeJS.ProcessEnv) => ({
  port: Number(PORT ?? 8787),
  dataFolder: STEWARD_DATA ?? join(root, '.steward/serve'),
  allowLoopback: STEWARD_ALLOW_LOOPBACK === 'true',
})

/** Applies the migrations that the data has not seen. wrangler takes seconds to start, so it is asked only when there is something new. */
async function migrate(dataFolder: string): Promise<void> {
  const stamp = join(dataFolder, 'migrations.applied')
  const names = readdirSync(join(root, 'migrations')).sort().join('\n')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === names) return
  await run(join(root, 'node_modules/.bin/wrangler'), ['d1', 'migrations', 'apply', 'steward', '--local', '--persist-to', dataFolder], {
    cwd: root,
    env: wranglerEnv(),
  })
  writeFileSync(stamp, names)
}

/** What Miniflare takes to run a built script. */
export function workerOf(script: BuiltScript, vars: Record<string, string>): V4WorkerOptions {
  // The rules are for bundling, which is done.
  const { modulesRules: _, ...workerOptions } = unstable_getMiniflareWorkerOptions(join(root, script.config))
    .workerOptions as V4WorkerOptions & { modulesRules?: unknown }
  return {
    ...workerOptions,
    name: script.name,
    modulesRoot: script.folder,
    modules: modulesOf(script),
    bindings: { ...(workerOptions.bindings as Record<string, string>), ...vars },
  }
}

/**
 * The static files of a worker in a worker of their own, which it asks through its binding. In one worker the router of the files stands
 * before every request, which costs as much as all of Steward's own handling of one.
 */
function assetsApart({ assets, ...worker }: V4WorkerOptions): V4WorkerOptions[] {
  if (assets?.binding === undefined) return [{ assets, ...worker }]
  const name = `${worker.name}-assets`
  const { binding, ...files } = assets
  const routing = { ...files.routerConfig, has_user_worker: false, static_routing: undefined }
  return [
    { ...worker, serviceBindings: { ...worker.serviceBindings, [binding]: name } },
    {
      name,
      compatibilityDate: worker.compatibilityDate,
      modules: [{ type: 'ESModule', path: 'assets.js', contents: 'export default { fetch: () => new Response(null, { status: 404 }) }' }],
      assets: { ...files, routerConfig: routing },
    },
  ]
}

const MODULE_TYPES: Record<string, 'ESModule' | 'CompiledWasm' | 'Data' | 'Text'> = {
  js: 'ESModule',
  wasm: 'CompiledWasm',
  bin: 'Data',
  yaml: 'Text',
}

/** Every module of the bundle, the entry first. */
function modulesOf(script: BuiltScript) {
  const files = readdirSync(script.folder).filter((file) => MODULE_TYPES[extname(file).slice(1)] !== undefined)
  const entryFirst = files.sort((a, b) => Number(join(script.folder, b) === script.entry) - Number(join(script.folder, a) === script.entry))
  return entryFirst.map((file) => ({ type: MODULE_TYPES[extname(file).slice(1)] ?? 'ESModule', path: join(script.folder, file) }))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const served = await serveSteward(serveOptions(process.env))
  console.log(
    `Steward serves on ${served.url} — dashboard ${served.url}/, API docs ${served.url}/api/v1/docs\nAdmin token (creates tenants): ${served.adminToken}`,
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void served.stop().then(() => process.exit(0)))
}
