import { join } from 'node:path'
import { build } from 'esbuild'
import type { V4WorkerOptions } from 'miniflare'
import { root } from '../../scripts/launch.ts'

/** A worker beside Steward in the same process: what its speed is compared with. */
interface Floor {
  /** Requests with this Host go to it. */
  host: string
  options: Pick<V4WorkerOptions, 'durableObjects' | 'queueProducers' | 'queueConsumers'>
}
const RELAY = 'by-hand-relay'

export const FLOORS = {
  /** The least that a durable start can cost. */
  'one-write': { host: 'floor.test', options: { durableObjects: { ROW: { className: 'Row', useSQLite: true } } } },
  /** The same four steps without an engine. */
  'by-hand': {
    host: 'by-hand.test',
    options: {
      durableObjects: { SHARD: { className: 'Shard', useSQLite: true } },
      queueProducers: { RELAY },
      queueConsumers: { [RELAY]: { maxBatchSize: 10, maxBatchTimeout: 0 } },
    },
  },
  /** The same four steps with an object and a graph each, and nothing else. */
  'bare-graph': { host: 'bare-graph.test', options: { durableObjects: { GRAPH_RUN: { className: 'GraphRun', useSQLite: true } } } },
} satisfies Record<string, Floor>
export type FloorName = keyof typeof FLOORS
const NAMES = Object.keys(FLOORS) as FloorName[]

/** Bundles the floors into <into>/floors. */
export async function bundleFloors(into: string): Promise<void> {
  await build({
    entryPoints: NAMES.map((name) => join(root, `bench/floor/${name}.js`)),
    outdir: join(into, 'floors'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    // As wrangler resolves them.
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    logLevel: 'error',
  })
}

/** The bundled floors as workers to serve beside Steward. */
export const floorWorkers = (bundles: string): V4WorkerOptions[] =>
  NAMES.map((name) => ({
    name: `floor-${name}`,
    compatibilityDate: '2026-11-01',
    compatibilityFlags: ['nodejs_compat'],
    modulesRoot: join(bundles, 'floors'),
    modules: [{ type: 'ESModule' as const, path: join(bundles, `floors/${name}.js`) }],
    routes: [`${FLOORS[name].host}/*`],
    ...FLOORS[name].options,
  }))
