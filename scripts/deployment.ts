import { randomBytes } from 'node:crypto'

/** Calls wrangler with a command line; gives what it printed. */
export type Wrangler = (command: string[]) => { status: number; output: string }

const QUEUES = ['ingestion', 'analysis', 'quality', 'report', 'action'].map((agent) => `steward-${agent}`)
/** Of the embedded encoder; vectors are of length one, so the dot product is their likeness. */
const DIMENSIONS = 512
/** Members by which vectors are narrowed; they must be indexed before the first vector comes. */
const VECTOR_MEMBERS = ['partition', 'document']

export interface Provision {
  what: string
  command: string[]
  /** What wrangler says when it is there already. */
  exists: RegExp
}

export const PROVISIONS: Provision[] = [
  { what: 'D1 database steward', command: ['d1', 'create', 'steward'], exists: /already exists/i },
  { what: 'R2 bucket steward-files', command: ['r2', 'bucket', 'create', 'steward-files'], exists: /already exists|you already own/i },
  ...QUEUES.map((queue) => ({
    what: `queue ${queue}`,
    command: ['queues', 'create', queue],
    exists: /already (exists|taken)|name .* is already/i,
  })),
  {
    what: 'Vectorize index steward',
    command: ['vectorize', 'create', 'steward', `--dimensions=${DIMENSIONS}`, '--metric=dot-product'],
    exists: /already exists|duplicate/i,
  },
  ...VECTOR_MEMBERS.map((member) => ({
    what: `Vectorize index of ${member}`,
    command: ['vectorize', 'create-metadata-index', 'steward', `--property-name=${member}`, '--type=string'],
    exists: /already exists|duplicate/i,
  })),
]

/** What a script has of D1 in an environment: its bindings, and the residencies that its `DB` meets. */
export interface Databases {
  script: string
  bound: { binding: string; database_name?: string | undefined }[]
  residency: unknown
}

/**
 * Names of the D1 databases to migrate, the directory first. Throws where the scripts do not have the same, or two bindings are one
 * database: then a script would look for rows of tenants where another has not put them.
 */
export function databasesOf([first, ...others]: Databases[]): string[] {
  const said = ({ bound, residency }: Databases): string =>
    JSON.stringify([bound.map(({ binding, database_name }) => [binding, database_name]).sort(), residency ?? ''])
  if (first === undefined) return []
  for (const other of others)
    if (said(other) !== said(first))
      throw new Error(
        `${first.script} and ${other.script} must have the same d1_databases and D1_RESIDENCY: ${said(first)}, ${said(other)}`,
      )
  const names = first.bound
    .sort((a, b) => a.binding.localeCompare(b.binding))
    .map(({ binding, database_name }) => {
      if (database_name === undefined) throw new Error(`The D1 binding ${binding} needs a database_name.`)
      return database_name
    })
  if (new Set(names).size < names.length) throw new Error(`Every D1 binding needs a database of its own: ${names.join(', ')}`)
  return names
}

/** Scripts that are deployed, those that others call first, with the secrets that each needs. */
export const DEPLOYED = [
  { name: 'steward-models', needs: [] },
  { name: 'steward', needs: ['STEWARD_MASTER_KEY', 'STEWARD_ADMIN_TOKEN'] },
  { name: 'steward-agents', needs: ['STEWARD_MASTER_KEY'] },
] as const
export type ScriptName = (typeof DEPLOYED)[number]['name']
export type SecretName = (typeof DEPLOYED)[number]['needs'][number]

const RANDOM: Record<SecretName, () => string> = {
  STEWARD_MASTER_KEY: () => randomBytes(32).toString('base64'),
  STEWARD_ADMIN_TOKEN: () => randomBytes(24).toString('base64url'),
}

export interface SecretPlan {
  /** To be set with the next deployment of each script. */
  set: Record<ScriptName, Partial<Record<SecretName, string>>>
  /** Made here: to be shown once. */
  made: Partial<Record<SecretName, string>>
}

/**
 * What is to be set so that each script has its secrets and all have the same: what is given, or what is made here when no script has it.
 * Throws when one script has a secret that another lacks and it is not given: it cannot be read back, and another value would be wrong.
 */
export function planSecrets({
  has,
  given,
  mayMake,
}: {
  has: (script: ScriptName, secret: string) => boolean
  given: Partial<Record<SecretName, string>>
  /** Made ones are printed, which they must not be where logs are kept. */
  mayMake: boolean
}): SecretPlan {
  const plan: SecretPlan = { set: { steward: {}, 'steward-agents': {}, 'steward-models': {} }, made: {} }
  const names = new Set(DEPLOYED.flatMap(({ needs }) => needs))
  for (const secret of names) {
    const scripts = DEPLOYED.filter(({ needs }) => needs.some((needed) => needed === secret)).map(({ name }) => name)
    const without = scripts.filter((script) => !has(script, secret))
    const value = given[secret] || undefined
    if (value === undefined && without.length === 0) continue
    if (value === undefined && without.length < scripts.length)
      throw new Error(`${without.join(', ')} has no ${secret} while others have: set ${secret} in the environment to the same value.`)
    if (value === undefined && !mayMake)
      throw new Error(`No script has ${secret}: set it in the environment (nothing secret is made where the log is kept).`)
    const used = value ?? RANDOM[secret]()
    if (value === undefined) plan.made[secret] = used
    for (const script of scripts) plan.set[script][secret] = used
  }
  return plan
}

/** Names of the secrets that a deployed script has; none where there is no such script yet. Throws when it cannot be known. */
export function secretsOf(wrangler: Wrangler, config: string): string[] {
  const { status, output } = wrangler(['secret', 'list', '-c', config, '--env', 'production', '--format', 'json'])
  if (status !== 0 && /not found|does not exist|10007/i.test(output)) return []
  const listed = /\[[\s\S]*\]/.exec(output)?.[0]
  if (status !== 0 || listed === undefined) throw new Error(`the secrets of ${config} could not be listed:\n${output}`)
  return (JSON.parse(listed) as { name: string }[]).map(({ name }) => name)
}
