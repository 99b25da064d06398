import { applyD1Migrations, env } from 'cloudflare:test'

interface Bindings {
  DB: D1Database
  FILES: R2Bucket
  MIGRATIONS: Parameters<typeof applyD1Migrations>[1]
}

export const bindings = env as unknown as Bindings
/** Before the first query of a file. */
export const migrate = () => applyD1Migrations(bindings.DB, bindings.MIGRATIONS)
export const MASTER_KEY = btoa('0123456789abcdef0123456789abcdef')
