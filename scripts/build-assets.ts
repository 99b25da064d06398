/**
 * Puts what the bundles need from installed packages into folders that are not kept in git: fonts of the PDF reports, the
 * reader of the API docs, and the models' weights. Quick when nothing has changed; run by `npm run assets`.
 */
import { copyFile, mkdir, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildModelAssets } from './build-model-assets.ts'

const root = join(import.meta.dirname, '..')

/** From node_modules to the tree. Fonts end in `.bin`, which the bundler's rules hand over as bytes. */
const COPIES = {
  '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf': 'workers/reports/render/fonts/inter-regular.ttf.bin',
  '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf': 'workers/reports/render/fonts/inter-semibold.ttf.bin',
  '@scalar/api-reference/dist/browser/standalone.js': 'web/public/docs/standalone.js',
} as const

/** Copies a file unless the copy is there with the same size and not older than the original. */
async function copyIfChanged(from: string, to: string): Promise<void> {
  const source = await stat(from).catch((cause: unknown) => {
    throw new Error(`${from} is missing: run npm ci first.`, { cause })
  })
  const target = await stat(to).catch(() => undefined)
  if (target && target.size === source.size && target.mtimeMs >= source.mtimeMs) return
  await mkdir(dirname(to), { recursive: true })
  // Renamed into place, so that a copy cut off in the middle is never taken for the whole.
  const partial = `${to}.${process.pid}.part`
  await copyFile(from, partial)
  await rename(partial, to)
}

/** Does all of it. Safe to repeat. */
export async function buildAssets(): Promise<void> {
  await Promise.all(Object.entries(COPIES).map(([from, to]) => copyIfChanged(join(root, 'node_modules', from), join(root, to))))
  await buildModelAssets()
}

if (import.meta.main) await buildAssets()
