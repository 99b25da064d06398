import { fileURLToPath } from 'node:url'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { yamlAsText } from './yaml-as-text.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The adapters of D1 and R2 against workerd's own simulations, with the migrations as they are deployed, and those of hosted models. */
export default defineConfig(async () => ({
  root,
  plugins: [
    yamlAsText,
    cloudflareTest({
      main: './test/adapters/d1-worker.ts',
      miniflare: {
        compatibilityDate: '2026-11-01',
        compatibilityFlags: ['nodejs_compat'],
        d1Databases: ['DB'],
        r2Buckets: ['FILES'],
        bindings: { MIGRATIONS: await readD1Migrations(`${root}migrations`) },
      },
    }),
  ],
  test: { include: ['test/adapters/{d1,r2,hosted}*.workerd.test.ts'], testTimeout: 30_000 },
}))
