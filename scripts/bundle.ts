import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { root } from './launch.ts'

const run = promisify(execFile)

export interface BuiltScript {
  name: string
  config: string
  folder: string
  entry: string
  /** Whether the config has an [env.production] of its own. */
  hasEnvironment: boolean
}

const SCRIPTS = [
  { name: 'steward', config: 'wrangler.toml', entry: 'index.js', hasEnvironment: true },
  { name: 'steward-agents', config: 'workers/agents/wrangler.toml', entry: 'worker.js', hasEnvironment: true },
  { name: 'steward-models', config: 'workers/models/wrangler.toml', entry: 'worker.js', hasEnvironment: false },
]

/** Where the scripts are once they were bundled into `into`: for a process that serves what another has bundled. */
export const builtScripts = (into: string = join(root, 'dist')): BuiltScript[] =>
  SCRIPTS.map((script) => {
    const folder = join(into, script.name)
    return { ...script, folder, entry: join(folder, script.entry) }
  })

/** Where a server bundles for itself: beside its data, so that two of them on one machine do not write each other's scripts. */
export const bundleFolderOf = (dataFolder: string): string => resolve(dataFolder, 'scripts')

/** Bundles the three scripts as a deployment would, into <into>/<name>, with the settings of an environment where the script has it. */
export async function bundleScripts(environment?: 'production', into?: string): Promise<BuiltScript[]> {
  return await Promise.all(builtScripts(into).map((script) => bundleScript(script, environment)))
}

/** Bundles one script into its folder, which is emptied first. */
export async function bundleScript(script: BuiltScript, environment?: 'production'): Promise<BuiltScript> {
  const { folder, entry } = script
  rmSync(folder, { recursive: true, force: true })
  const inEnvironment = environment !== undefined && script.hasEnvironment ? ['--env', environment] : []
  await run(join(root, 'node_modules/.bin/wrangler'), ['deploy', '--dry-run', '--outdir', folder, '-c', script.config, ...inEnvironment], {
    cwd: root,
    env: {
      ...process.env,
      PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
      WRANGLER_SEND_METRICS: 'false',
      CI: 'true',
    },
  })
  if (!existsSync(entry)) throw new Error(`bundling ${script.name} left no ${entry}; it left ${readdirSync(folder).join(', ')}`)
  return script
}

/** What the platform takes, compressed. */
export const MOST_PACKED_BYTES = 10 * 1_048_576

/** Bytes of a built script as shipped, source maps left out, and compressed as the platform counts them. */
export function sizeOf({ folder }: BuiltScript): { bytes: number; packed: number } {
  const files = readdirSync(folder)
    .filter((file) => !file.endsWith('.map') && file !== 'README.md')
    .map((file) => readFileSync(join(folder, file)))
  const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0)
  return { bytes: sum(files.map(({ length }) => length)), packed: sum(files.map((file) => gzipSync(file).length)) }
}
