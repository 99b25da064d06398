/** Serves what is bundled already, with the floors beside it, until it is ended: the process that benches measure and kill. */
import { builtScripts } from '../scripts/bundle.ts'
import { serveSteward } from '../scripts/serve.ts'
import { floorWorkers } from './floor/floor.ts'

const [port = '', dataFolder = '', bundles = '', inspectorPort] = process.argv.slice(2)
const served = await serveSteward({
  port: Number(port),
  dataFolder,
  scripts: builtScripts(bundles),
  // The receivers and models of benches stand on this machine.
  allowLoopback: true,
  ...(inspectorPort !== undefined && { inspectorPort: Number(inspectorPort) }),
  beside: floorWorkers(bundles),
})
console.log(`READY ${JSON.stringify({ url: served.url, adminToken: served.adminToken })}`)
