import { fileURLToPath } from 'node:url'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { yamlAsText } from './yaml-as-text.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** As the tests of whole tenants, with a shard of D1 for tenants of the EU in both installations, and one that was not migrated. */
export default defineConfig(async () => ({
  root,
  plugins: [
    yamlAsText,
    cloudflareTest({
      main: './test/tenancy/worker.ts',
      miniflare: {
        compatibilityDate: '2026-11-01',
        compatibilityFlags: ['nodejs_compat'],
        durableObjects: {
          RUN: { className: 'Run', useSQLite: true },
          KNOWLEDGE: { className: 'Knowledge', useSQLite: true },
          TENANT: { className: 'Tenant', useSQLite: true },
          OTHER_RUN: { className: 'OtherRun', useSQLite: true },
          OTHER_KNOWLEDGE: { className: 'OtherKnowledge', useSQLite: true },
          OTHER_TENANT: { className: 'OtherTenant', useSQLite: true },
        },
        d1Databases: ['DB', 'DB_EU', 'OTHER_DB', 'OTHER_DB_EU', 'EMPTY_DB'],
        r2Buckets: ['FILES', 'OTHER_FILES'],
        bindings: {
          MIGRATIONS: await readD1Migrations(`${root}migrations`),
          STEWARD_MASTER_KEY: btoa('0123456789abcdef0123456789abcdef'),
          STEWARD_ENVIRONMENT: 'test',
          // Jurisdictions of objects and buckets, which the simulator does not know. A shard of D1 that is bound is used.
          PLACEMENT: 'simulated',
          STEWARD_ADMIN_TOKEN: 'operator-token',
        },
      },
    }),
  ],
  test: { include: ['test/shards/*.workerd.test.ts'], testTimeout: 60_000 },
}))
