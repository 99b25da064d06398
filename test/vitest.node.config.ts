import { defineConfig } from 'vitest/config'

/** Rules, routes with fakes, structure: everything that needs no workerd. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.workerd.test.ts', 'test/**/*.journey.test.ts', 'test/**/*.e2e.test.ts'],
    testTimeout: 40_000,
  },
})
