import { join } from 'node:path'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { buildModelAssets } from '../scripts/build-model-assets.ts'

await buildModelAssets()

/** The embedded models inside workerd, through the script's own entry point and settings. */
export default defineConfig({
  plugins: [cloudflareTest({ wrangler: { configPath: join(import.meta.dirname, '../workers/models/wrangler.toml') } })],
  test: {
    include: ['test/models/**/*.workerd.test.ts'],
    testTimeout: 60_000,
  },
})
