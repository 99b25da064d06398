import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../../scripts/launch.ts'

/** Requests with this Host go to the floor, all others to Steward. */
export const FLOOR_HOST = 'floor.test'

/** Bundles the floor into <into>/floor. */
export async function bundleFloor(into: string): Promise<void> {
  await build({
    entryPoints: [join(root, 'bench/floor/worker.js')],
    outfile: join(into, 'floor/worker.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    external: ['cloudflare:*'],
    logLevel: 'error',
  })
}
