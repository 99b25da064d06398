import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { PATIENCE } from './patience.ts'

/** The main job against the running Worker: all three scripts under wrangler dev, with a fresh tenant. */
export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    include: ['test/journeys/*.journey.test.ts'],
    globalSetup: ['test/journeys/running-worker.ts'],
    testTimeout: 90_000,
    expect: { poll: PATIENCE },
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
