import { fileURLToPath } from 'node:url'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { PATIENCE } from './patience.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The Tenant object alone: what stands behind it are the fakes of test/fakes/tenant-env.ts, which tests can look into. */
export default defineConfig({
  root,
  plugins: [
    cloudflareTest({
      main: './test/durable-objects/tenant-worker.ts',
      miniflare: {
        compatibilityDate: '2026-11-01',
        compatibilityFlags: ['nodejs_compat'],
        durableObjects: { TENANT: { className: 'Tenant', useSQLite: true } },
      },
    }),
  ],
  resolve: { alias: [{ find: /^\.\.\/workers\/env$/, replacement: `${root}test/fakes/tenant-env.ts` }] },
  test: { include: ['test/durable-objects/tenant*.workerd.test.ts'], testTimeout: 30_000, expect: { poll: PATIENCE } },
})
