import { defineConfig } from 'vitest/config'
import { twoInstallations } from './two-installations.config.ts'

export default defineConfig(() =>
  twoInstallations(['DB', 'OTHER_DB'], { include: ['test/tenancy/*.workerd.test.ts'], testTimeout: 30_000 }),
)
