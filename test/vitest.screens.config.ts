import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** The dashboard in headless Chromium against the running Worker. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    include: ['test/screens/*.e2e.test.ts'],
    globalSetup: ['test/journeys/running-worker.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
