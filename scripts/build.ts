import { execFile } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { buildAssets } from './build-assets.ts'
import { root, wranglerEnv } from './launch.ts'

const run = promisify(execFile)

/** Fonts, model weights and the dashboard, as far as they are missing or older than their sources. */
export async function buildEverything(say: (line: string) => void): Promise<void> {
  await buildAssets()
  if (isFresh()) return
  say('building the dashboard')
  await run(join(root, 'node_modules/.bin/vite'), ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'], {
    cwd: root,
    env: wranglerEnv(),
  })
}

function isFresh(): boolean {
  const built = join(root, 'web/dist/index.html')
  if (!existsSync(built)) return false
  const builtAt = statSync(built).mtimeMs
  const sources = ['web/src', 'web/public'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(root, folder, file)),
  )
  return [join(root, 'web/index.html'), join(root, 'package.json'), ...sources].every((file) => statSync(file).mtimeMs <= builtAt)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildEverything(console.log)
