import { join } from 'node:path'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { buildAssets } from '../scripts/build-assets.ts'

await buildAssets()

/** The renderers in workerd, with the fonts as the bundle has them. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  plugins: [cloudflareTest({ wrangler: { configPath: './test/reports/wrangler.toml' } })],
  test: { include: ['test/reports/*.workerd.test.ts'], testTimeout: 40_000 },
})
