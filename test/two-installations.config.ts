import { fileURLToPath } from 'node:url'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { PATIENCE } from './patience.ts'
import { yamlAsText } from './yaml-as-text.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** All that tenants have in one place: the three kinds of objects, D1 and R2, as they are deployed; and another installation beside it. */
export const twoInstallations = async (d1Databases: string[], test: { include: string[]; testTimeout: number }) => ({
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
        d1Databases,
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
  test: { ...test, expect: { poll: PATIENCE } },
})
