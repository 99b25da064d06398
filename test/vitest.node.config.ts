import { defineConfig } from 'vitest/config'
import { yamlAsText } from './yaml-as-text.ts'

/** Rules, routes with fakes, structure: everything that needs no workerd. */
export default defineConfig({
  plugins: [yamlAsText],
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.workerd.test.ts', 'test/**/*.journey.test.ts', 'test/**/*.e2e.test.ts'],
    testTimeout: 40_000,
  },
})
