import * as z from 'zod'
import { canonicalJson } from './json'
import type { PageOf, PageRequest } from './ports'
import { SECURITY_EVENT_KINDS, type SecurityEvent } from './security-events'

/** Who acts: a person, a program, the operator, a sender of mail, the platform itself, or somebody who was not signed in. */
export const AUDIT_ACTORS = ['user', 'api_key', 'operator', 'mail', 'system', 'unknown'] as const

/** Who acts, and from where. */
export const AuditOrigin = z.object({
  actor: z.object({ kind: z.enum(AUDIT_ACTORS), id: z.string() }),
  /** As the platform says; empty where it says nothing. */
  address: z.string(),
  /** Empty for what no request asked for. */
  requestId: z.string(),
})
export type AuditOrigin = z.infer<typeof AuditOrigin>

/**
 * `done`; `refused`: tried without the permission; `failed`: ended with a fault on our side, so that part of it may have happened;
 * `unknown`: the process died before it could say.
 */
export const AUDIT_OUTCOMES = ['done', 'refused', 'failed', 'unknown'] as const
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number]

/** Whose chain the acts have that concern no tenant: what the operator does, and the upkeep of the platform. */
export const INSTALLATION = 'installation'

/** One act, as the door that did it tells it. */
export const AuditAct = AuditOrigin.extend({
  id: z.string(),
  /** `operationId` of the route, kind of the security event, or type of the run's event. */
  action: z.string(),
  /** What an administrator is told about as a security event. */
  kind: z.enum(SECURITY_EVENT_KINDS).optional(),
  outcome: z.enum(AUDIT_OUTCOMES),
  /** HTTP status of the answer. */
  status: z.int().optional(),
  resource: z.object({ kind: z.string(), id: z.string() }).optional(),
  permission: z.string().optional(),
  /** When it happened, where this is not when it was entered. */
  occurredAt: z.string().optional(),
  /** For a person: never a secret. */
  detail: z.string().optional(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
})
export type AuditAct = z.infer<typeof AuditAct>

/** An entry of the chain: `hash = sha256(prevHash + canonicalJson(all other members))`, hex. The first has an empty `prevHash`. */
export const AuditEntry = AuditAct.extend({
  type: z.literal('entry'),
  tenantId: z.string(),
  /** 1, 2, 3, … without a gap. */
  seq: z.int(),
  at: z.string(),
  prevHash: z.string(),
  hash: z.string(),
})
export type AuditEntry = z.infer<typeof AuditEntry>

/** What the installation signs: that the chain of the tenant had this entry at this time. */
export const CheckpointClaim = z.object({
  purpose: z.literal('steward-audit-checkpoint'),
  tenantId: z.string(),
  seq: z.int(),
  hash: z.string(),
  at: z.string(),
})
export type CheckpointClaim = z.infer<typeof CheckpointClaim>

/** A signed claim: a compact JWS (ES256) over the claim. */
export const AuditCheckpoint = CheckpointClaim.omit({ purpose: true }).extend({ type: z.literal('checkpoint'), jws: z.string() })
export type AuditCheckpoint = z.infer<typeof AuditCheckpoint>

export type AuditQuery = PageRequest & {
  actor?: string
  action?: string
  kind?: string
  isSecurity?: boolean
  resourceKind?: string
  resourceId?: string
  createdFrom?: string
  createdTo?: string
}

/** A stretch of the chain in order: each checkpoint follows the entry that it is about. */
export type AuditLine = AuditEntry | AuditCheckpoint

/** The audit of one tenant: appended, never changed. */
export interface Audit {
  /** Notes that an act begins. Whoever does not hear that this is stored must not act: throws `unavailable` then. */
  begin(act: Omit<AuditAct, 'outcome'>): Promise<void>
  /** Enters a begun act with how it ended; undefined when it came to nothing and leaves no entry. */
  end(id: string, act: AuditAct | undefined): Promise<void>
  /** Enters acts. One that is there by its id is not entered twice. */
  record(acts: AuditAct[]): Promise<void>
  /** The newest first. */
  list(query: AuditQuery): Promise<PageOf<AuditEntry>>
  /** The chain after an entry, oldest first; empty at its end. */
  lines(after: number, limit: number): Promise<AuditLine[]>
  /** Signs where the chain ends now; undefined for an empty chain. */
  checkpoint(): Promise<AuditCheckpoint | undefined>
  /** True for the first who asks within the window: one alert of a kind. */
  claimAlert(kind: string, windowMs: number): Promise<boolean>
}

/** What the tenant's object is asked about its audit; it keeps the chain, because it does one thing at a time. */
export type AuditCall =
  | { ask: 'begin'; act: Omit<AuditAct, 'outcome'> }
  | { ask: 'end'; id: string; act: AuditAct | null }
  | { ask: 'record'; acts: AuditAct[] }
  | { ask: 'list'; query: AuditQuery }
  | { ask: 'lines'; after: number; limit: number }
  | { ask: 'checkpoint' }
  | { ask: 'alert'; kind: string; windowMs: number }

export type AuditAnswer =
  | { got: 'stored' }
  | { got: 'page'; page: PageOf<AuditEntry> }
  | { got: 'lines'; lines: AuditLine[] }
  | { got: 'checkpoint'; checkpoint: AuditCheckpoint | null }
  | { got: 'alert'; isFirst: boolean }

/** Signs checkpoints with a key of the installation that serves nothing else. */
export interface AuditSigner {
  sign(claim: CheckpointClaim): Promise<string>
  /** All keys that ever signed: old checkpoints stay provable. */
  publicKeys(): Promise<object[]>
}

/** Longer states are kept as their length and hash only. */
export const MAX_STATE_CHARACTERS = 32_768

/** Members that may hold a secret or what opens an account. Their names stay, so that one sees that they were there. */
const SECRET_MEMBER = /^(key|value|code|codes|otp|sealed)$|passw|secret|token$|authorization|credential|privatekey|hash$/i
const LEFT_OUT = '[left out]'

/** A state without secrets, for `before` and `after`. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      SECRET_MEMBER.test(name) && member !== undefined && member !== null ? LEFT_OUT : withoutSecrets(member),
    ]),
  )
}

/** The text that is hashed for an entry. The one definition for who writes, who reads and who verifies. */
export const sealText = ({ hash: _, prevHash, ...rest }: Record<string, unknown>): string => {
  return String(prevHash) + canonicalJson(rest)
}

/** An act as it goes into the chain: without secrets, long states by their hash, and nothing that JSON would lose. */
export function actToSeal(act: AuditAct, hash: (text: string) => string): AuditAct {
  const { before, after, ...rest } = act
  const state = (value: unknown): unknown => {
    const text = canonicalJson(withoutSecrets(value))
    return text.length > MAX_STATE_CHARACTERS ? { truncated: true, characters: text.length, sha256: hash(text) } : JSON.parse(text)
  }
  return AuditAct.parse({
    ...JSON.parse(canonicalJson(rest)),
    ...(before !== undefined && { before: state(before) }),
    ...(after !== undefined && { after: state(after) }),
  })
}

/** An entry that an administrator is told about, as a security event; undefined for any other. */
export const toSecurityEvent = ({ id, tenantId, kind, actor, address, at, detail }: AuditEntry): SecurityEvent | undefined =>
  kind && { id, tenantId, kind, actor: actor.id, address, at, ...(detail !== undefined && { detail }) }
