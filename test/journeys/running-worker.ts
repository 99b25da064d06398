import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDemoTenant } from '../../scripts/client.ts'
import { launchSteward } from '../../scripts/launch.ts'

/** Starts Steward once for all files of a group, and says where it is and who may enter by the environment. */
export default async function startWorker(): Promise<() => Promise<void>> {
  const persistTo = mkdtempSync(join(tmpdir(), 'steward-test-'))
  const log = join(persistTo, 'worker.log')
  const steward = await launchSteward({ persistTo, onLine: (line) => appendFileSync(log, `${line}\n`) })
  const tenant = await createDemoTenant(steward, { slug: 'acme', name: 'Acme Bau GmbH' })
  Object.assign(process.env, {
    STEWARD_URL: steward.url,
    STEWARD_LOG: log,
    STEWARD_ADMIN_TOKEN: steward.adminToken,
    STEWARD_TENANT: tenant.slug,
    STEWARD_EMAIL: tenant.email,
    STEWARD_PASSWORD: tenant.password,
    STEWARD_API_KEY: tenant.apiKey,
  })
  return async () => {
    await steward.stop()
    if (process.env.STEWARD_KEEP_LOG !== undefined) console.log(steward.log())
    rmSync(persistTo, { recursive: true, force: true })
  }
}
