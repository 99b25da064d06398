import { fileURLToPath } from 'node:url'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { yamlAsText } from './yaml-as-text.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The Run object alone: its ports are the fakes of test/fakes/run-env.ts, which tests can look into. */
export default defineConfig({
  root,
  plugins: [
    yamlAsText,
    cloudflareTest({
      main: './test/durable-objects/run-worker.ts',
      miniflare: {
        compatibilityDate: '2026-11-01',
        compatibilityFlags: ['nodejs_compat'],
        durableObjects: { RUN: { className: 'Run', useSQLite: true } },
      },
    }),
  ],
  resolve: { alias: [{ find: /^\.\.\/workers\/env$/, replacement: `${root}test/fakes/run-env.ts` }] },
  test: { globals: true, include: ['test/durable-objects/run/*.workerd.test.ts'], testTimeout: 30_000 },
})
