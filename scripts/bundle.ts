import { execFile } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './launch.ts'

const run = promisify(execFile)

export interface BuiltScript {
  name: string
  config: string
  folder: string
  entry: string
}

const SCRIPTS = [
  { name: 'steward', config: 'wrangler.toml', entry: 'index.js' },
  { name: 'steward-agents', config: 'workers/agents/wrangler.toml', entry: 'worker.js' },
  { name: 'steward-models', config: 'workers/models/wrangler.toml', entry: 'worker.js' },
]

/** Bundles the three scripts as a deployment would, into dist/<name>. */
export async function bundleScripts(): Promise<BuiltScript[]> {
  return await Promise.all(
    SCRIPTS.map(async (script) => {
      const folder = join(root, 'dist', script.name)
      rmSync(folder, { recursive: true, force: true })
      await run(join(root, 'node_modules/.bin/wrangler'), ['deploy', '--dry-run', '--outdir', folder, '-c', script.config], {
        cwd: root,
        env: {
          ...process.env,
          PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`,
          WRANGLER_SEND_METRICS: 'false',
          CI: 'true',
        },
      })
      const entry = join(folder, script.entry)
      if (!existsSync(entry)) throw new Error(`bundling ${script.name} left no ${script.entry}; it left ${readdirSync(folder).join(', ')}`)
      return { ...script, folder, entry }
    }),
  )
}

/** Bytes of a built script as shipped, source maps left out. */
export const sizeOf = (script: BuiltScript): number =>
  readdirSync(script.folder)
    .filter((file) => !file.endsWith('.map') && file !== 'README.md')
    .reduce((sum, file) => sum + statSync(join(script.folder, file)).size, 0)
