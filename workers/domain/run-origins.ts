import * as z from 'zod'
import { AuditOrigin } from './audit'

/** Who asks for something of a run, and from where; of a key also the person who made it, where that is known, and its service account. */
export const RunOrigin = AuditOrigin.extend({ madeBy: z.string().optional(), serviceAccountId: z.string().optional() })
export type RunOrigin = z.infer<typeof RunOrigin>

/** What a run keeps of it: who started it, and the ids of those who resumed it. */
export const KeptOrigin = RunOrigin.extend({ resumedBy: z.array(z.string()).default([]) })
export type KeptOrigin = z.infer<typeof KeptOrigin>

/** Ids of the people and programs that set a run in motion. A mail, a signed webhook and the platform itself are nobody. */
export const startersIn = (origin: KeptOrigin): string[] => {
  const isSomebody = origin.actor.kind === 'user' || origin.actor.kind === 'api_key'
  return [...new Set([...(isSomebody ? idsOf(origin) : []), ...origin.resumedBy])]
}

/** Ids of who acts: its own, that of the person who made the key, and that of the service account that the key is for. */
export const idsOf = ({ actor, madeBy, serviceAccountId }: Behind & { actor: { id: string } }): string[] =>
  [actor.id, madeBy, serviceAccountId].filter((id) => id !== undefined)

type Behind = Pick<RunOrigin, 'madeBy' | 'serviceAccountId'>

/** Who stands behind a key, as far as that is known. */
export const behind = ({ madeBy, serviceAccountId }: Behind): Behind => ({
  ...(madeBy !== undefined && { madeBy }),
  ...(serviceAccountId !== undefined && { serviceAccountId }),
})
