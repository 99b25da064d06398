import { defineConfig } from 'vitest/config'
import { twoInstallations } from './two-installations.config.ts'

/** With a shard of D1 for tenants of the EU in both installations, and one that was not migrated. */
export default defineConfig(() =>
  twoInstallations(['DB', 'DB_EU', 'OTHER_DB', 'OTHER_DB_EU', 'EMPTY_DB'], {
    include: ['test/shards/*.workerd.test.ts'],
    testTimeout: 60_000,
  }),
)
