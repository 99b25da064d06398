/** `npm run dev`: the Worker on port 8787 with reload on change, its state in .steward/dev. PORT may be set. */
import { join } from 'node:path'
import { buildEverything } from './build.ts'
import { launchSteward, root } from './launch.ts'

await buildEverything(console.log)
const steward = await launchSteward({ persistTo: join(root, '.steward/dev'), port: Number(process.env.PORT ?? 8787), onLine: console.log })
console.log(
  `\nSteward runs on ${steward.url}; API docs at ${steward.url}/api/v1/docs\nAdmin token (creates tenants): ${steward.adminToken}`,
)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void steward.stop().then(() => process.exit(0)))
