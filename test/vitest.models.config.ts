import { join } from 'node:path'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { buildModelAssets } from '../scripts/build-model-assets.ts'

const root = join(import.meta.dirname, '..')
await buildModelAssets()

/** The embedded models through the script's own entry point and settings, and the Knowledge object with its adapter. */
export default defineConfig(async () => ({
  root,
  test: {
    projects: [
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './workers/models/wrangler.toml' } })],
        test: { name: 'models', include: ['test/models/**/*.workerd.test.ts'], testTimeout: 60_000 },
      },
      {
        plugins: [
          cloudflareTest({
            main: './test/durable-objects/knowledge-worker.ts',
            miniflare: {
              compatibilityDate: '2026-11-01',
              compatibilityFlags: ['nodejs_compat'],
              durableObjects: { KNOWLEDGE: { className: 'Knowledge', useSQLite: true } },
              d1Databases: ['DB'],
              r2Buckets: ['FILES'],
              bindings: { MIGRATIONS: await readD1Migrations(join(root, 'migrations')) },
            },
          }),
        ],
        resolve: { alias: [{ find: /^\.\.\/workers\/(env|tenant-models)$/, replacement: join(root, 'test/fakes/knowledge-env.ts') }] },
        test: {
          name: 'knowledge',
          include: [
            'test/durable-objects/knowledge*.workerd.test.ts',
            'test/{adapters/object-{knowledge,collections},domain/document-deletion}.workerd.test.ts',
          ],
          testTimeout: 30_000,
        },
      },
    ],
  },
}))
