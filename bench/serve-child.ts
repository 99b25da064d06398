/** Serves what is bundled already, with the floor beside it, until it is ended: the process that benches measure and kill. */
import { join } from 'node:path'
import { builtScripts } from '../scripts/bundle.ts'
import { serveSteward } from '../scripts/serve.ts'
import { FLOOR_HOST } from './floor/floor.ts'

const [port = '', dataFolder = '', bundles = '', inspectorPort] = process.argv.slice(2)
const served = await serveSteward({
  port: Number(port),
  dataFolder,
  scripts: builtScripts(bundles),
  ...(inspectorPort !== undefined && { inspectorPort: Number(inspectorPort) }),
  beside: [
    {
      name: 'floor',
      compatibilityDate: '2026-11-01',
      compatibilityFlags: ['nodejs_compat'],
      modulesRoot: join(bundles, 'floor'),
      modules: [{ type: 'ESModule', path: join(bundles, 'floor/worker.js') }],
      durableObjects: { ROW: { className: 'Row', useSQLite: true } },
      routes: [`${FLOOR_HOST}/*`],
    },
  ],
})
console.log(`READY ${JSON.stringify({ url: served.url, adminToken: served.adminToken })}`)
