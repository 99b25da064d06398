import { type AnyColumn, and, desc, eq, sql } from 'drizzle-orm'
import { AppError } from '../domain/error'
import { BUILT_IN_VERSION, type BuiltInPrompt, type PromptStore, type PromptVersion, splitByWeight } from '../domain/prompts'
import { insertOnce, openD1, withoutNulls } from './d1'
import { promptUses, promptVersions } from './schema'

/** The built-in version beside the tenant's own, until its weight is stored. */
const BUILT_IN_WEIGHT = 100

/** Prompts of one tenant in D1. */
export function createD1Prompts(binding: D1Database, tenantId: string, clock: { now(): Date }): PromptStore {
  const db = openD1(binding)
  const own = (name: string) => and(eq(promptVersions.tenantId, tenantId), eq(promptVersions.name, name))
  const versions = async (name: string): Promise<PromptVersion[]> => {
    const rows = await db.select().from(promptVersions).where(own(name)).orderBy(desc(promptVersions.version))
    return rows.map(({ tenantId: _, ...row }) => withoutNulls(row))
  }
  const pinOf = async (name: string, runId: string) => {
    const pin = and(eq(promptUses.tenantId, tenantId), eq(promptUses.runId, runId), eq(promptUses.name, name))
    return (await db.select({ version: promptUses.version }).from(promptUses).where(pin).limit(1))[0]?.version
  }
  const pin = async (name: string, runId: string, version: number) => {
    await db.insert(promptUses).values({ tenantId, runId, name, version, answered: 0, repaired: 0, failed: 0 }).onConflictDoNothing()
    return (await pinOf(name, runId)) ?? version
  }
  return {
    versions,
    names: async () => {
      const rows = await db.selectDistinct({ name: promptVersions.name }).from(promptVersions).where(eq(promptVersions.tenantId, tenantId))
      return rows.map(({ name }) => name)
    },
    async choose({ name, text }: BuiltInPrompt, runId) {
      const known = await versions(name)
      const pinned = runId === undefined ? undefined : await pinOf(name, runId)
      const chosen = pinned ?? splitByWeight(known, name, runId)?.version ?? BUILT_IN_VERSION
      const version = runId === undefined || pinned !== undefined ? chosen : await pin(name, runId, chosen)
      return { version, text: known.find((candidate) => candidate.version === version)?.text ?? text }
    },
    async record({ name, version, runId, result }) {
      if (runId === undefined) return
      const none = { answered: 0, repaired: 0, failed: 0 }
      await db
        .insert(promptUses)
        .values({ tenantId, runId, name, version, ...none, [result]: 1 })
        .onConflictDoUpdate({
          target: [promptUses.tenantId, promptUses.runId, promptUses.name],
          set: { [result]: sql`${promptUses[result]} + 1` },
        })
    },
    async save(name, { text, note, tests, weight }, createdBy, expected) {
      const newest = (await versions(name))[0]
      if (expected !== undefined && expected !== (newest?.version ?? BUILT_IN_VERSION)) return undefined
      const createdAt = clock.now().toISOString()
      const isAlone = weight === 'all'
      const row = { name, text, note: note ?? null, tests, createdAt, createdBy, weight: isAlone ? BUILT_IN_WEIGHT : weight }
      const version = (newest?.version ?? BUILT_IN_VERSION) + 1
      const builtIn = {
        tenantId,
        name,
        version: BUILT_IN_VERSION,
        text: null,
        weight: BUILT_IN_WEIGHT,
        note: null,
        tests: [],
        createdAt,
        createdBy: null,
      }
      const save = db.batch([
        db.insert(promptVersions).values(builtIn).onConflictDoNothing(),
        db.insert(promptVersions).values({ tenantId, version, ...row }),
        ...(isAlone
          ? [
              db
                .update(promptVersions)
                .set({ weight: 0 })
                .where(and(own(name), sql`${promptVersions.version} <> ${version}`)),
            ]
          : []),
      ])
      await insertOnce(save, `Somebody else saved version ${version} of '${name}' just now; read it and save again.`)
      return withoutNulls({ ...row, version })
    },
    async setWeights(name, weights) {
      const known = await versions(name)
      const unknown = Object.keys(weights).find((version) => !known.some((candidate) => String(candidate.version) === version))
      if (unknown !== undefined) throw new AppError('not_found', `There is no version ${unknown} of '${name}'; GET its versions.`)
      if (known.every(({ version, weight }) => (weights[version] ?? weight) === 0))
        throw new AppError('invalid', 'No version would be left to use; give one a weight above 0.')
      const updates = Object.entries(weights).map(([version, weight]) =>
        db
          .update(promptVersions)
          .set({ weight })
          .where(and(own(name), eq(promptVersions.version, Number(version)))),
      )
      const [first, ...others] = updates
      if (first) await db.batch([first, ...others])
    },
    outcomes: async (name) => {
      const sum = (column: AnyColumn) => sql<number>`sum(${column})`
      const { answered, repaired, failed } = promptUses
      return await db
        .select({
          version: promptUses.version,
          runs: sql<number>`count(*)`,
          answered: sum(answered),
          repaired: sum(repaired),
          failed: sum(failed),
        })
        .from(promptUses)
        .where(and(eq(promptUses.tenantId, tenantId), eq(promptUses.name, name)))
        .groupBy(promptUses.version)
        .orderBy(promptUses.version)
    },
  }
}
