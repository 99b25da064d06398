import { defineConfig } from 'drizzle-kit'

/** `npm run db:generate` writes the next migration from the tables in schema.ts. A migration that has landed is never edited. */
export default defineConfig({ dialect: 'sqlite', schema: './workers/adapters/schema.ts', out: './migrations' })
