import { fileURLToPath } from 'node:url'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig, type Plugin } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Workflow files are imported as text, as wrangler's Text rule does. */
const yamlAsText: Plugin = {
  name: 'yaml-as-text',
  enforce: 'pre',
  transform: (code, id) => (id.endsWith('.yaml') ? `export default ${JSON.stringify(code)}` : undefined),
}

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
