/**
 * `npm run serve`: the built scripts on one machine, on Miniflare's API with persisted state and without the development proxy.
 * PORT (8787) and STEWARD_DATA (.steward/serve) may be set. The benches use `serveSteward` too.
 */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { type BuiltScript, bundleScripts } from './bundle.ts'
import { localSecrets, root, wranglerEnv } from './launch.ts'

const run = promisify(execFile)

export interface Served {
  url: string
  adminToken: string
  stop(): Promise<void>
}

/** Serves the three scripts from one process. `scripts` may be bundled before, so that many starts share one bundle. */
export async function serveSteward(options: {
  port: number
  dataFolder: string
  scripts?: BuiltScript[]
  vars?: Record<string, string>
}): Promise<Served> {
  const scripts = options.scripts ?? (await bundleScripts())
  const secrets = localSecrets()
  await run(
    join(root, 'node_modules/.bin/wrangler'),
    ['d1', 'migrations', 'apply', 'steward', '--local', '--persist-to', options.dataFolder],
    { cwd: root, env: wranglerEnv() },
  )
  const state = join(options.dataFolder, 'v3')
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: options.port,
      d1Persist: join(state, 'd1'),
      r2Persist: join(state, 'r2'),
      durableObjectsPersist: join(state, 'do'),
      workers: scripts.map((script) => workerOf(script, { ...secrets, ...options.vars })),
    }),
  )
  const url = await miniflare.ready
  return { url: url.origin, adminToken: secrets.STEWARD_ADMIN_TOKEN, stop: () => miniflare.dispose() }
}

function workerOf(script: BuiltScript, vars: Record<string, string>): V4WorkerOptions {
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
  const served = await serveSteward({
    port: Number(process.env.PORT ?? 8787),
    dataFolder: process.env.STEWARD_DATA ?? join(root, '.steward/serve'),
  })
  console.log(
    `Steward serves on ${served.url} — dashboard ${served.url}/, API docs ${served.url}/api/v1/docs\nAdmin token (creates tenants): ${served.adminToken}`,
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void served.stop().then(() => process.exit(0)))
}
