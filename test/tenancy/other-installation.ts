import type { Env } from '../../workers/env'

interface Others {
  OTHER_DB: D1Database
  /** Only where tenants of the EU have a shard. */
  OTHER_DB_EU?: D1Database
  OTHER_FILES: R2Bucket
  OTHER_RUN: Env['RUN']
  OTHER_KNOWLEDGE: Env['KNOWLEDGE']
  OTHER_TENANT: Env['TENANT']
}

/** The bindings of a second installation, with a master key of its own. */
export const otherInstallation = (env: Env): Env => {
  const { OTHER_DB, OTHER_DB_EU, OTHER_FILES, OTHER_RUN, OTHER_KNOWLEDGE, OTHER_TENANT } = env as Env & Others
  return {
    ...env,
    ...{ DB: OTHER_DB, FILES: OTHER_FILES, RUN: OTHER_RUN, KNOWLEDGE: OTHER_KNOWLEDGE, TENANT: OTHER_TENANT },
    ...(OTHER_DB_EU && { DB_EU: OTHER_DB_EU }),
    STEWARD_MASTER_KEY: btoa('fedcba9876543210fedcba9876543210'),
  }
}
