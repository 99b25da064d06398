import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { INSTALLATION } from '../domain/audit'
import { BackupCounts, type Backups, type RestoreProgress } from '../domain/backups'
import { AppError } from '../domain/error'
import { RESIDENCIES } from '../domain/placement'
import { PLANS, type PlanName } from '../domain/plans'
import { auditedOperator, originOf } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { requireMayGrant } from './grants'
import { guard } from './guard'
import { operated } from './tenants'

const MEDIA_TYPE = 'application/vnd.steward.backup'
const KEY_BYTES = 32
/** A cursor is part of the address, which has 8,192 characters. */
const MAX_CURSOR = 7_500

const Progress = z
  .object({
    id: z.string().describe('Of the restore; `?restore=` goes on with it.'),
    tenantId: z.string().optional(),
    parts: z.int().describe('Parts of the file that were taken; the one of this number comes next.'),
    still: z.int().describe('Objects that were restored and lie still. Once all parts are there, each further request awakens some.'),
    isFinished: z.boolean(),
    counts: BackupCounts,
  })
  .meta({ id: 'RestoreProgress' })
const From = z.object({ cursor: z.string().max(MAX_CURSOR).default('') })
const Going = z.object({ restore: z.string().max(100).optional() })
const Importing = Going.extend({
  plan: z
    .enum(Object.keys(PLANS) as [PlanName, ...PlanName[]])
    .optional()
    .describe('Plan of the tenant here, to be sent with every request; left out: the one that every tenant begins with.'),
  residency: z
    .enum(RESIDENCIES)
    .default('none')
    .describe('Must be that of the id of the tenant (`ten_eu_…`); sent with the first request.'),
})

const OPERATOR = 'With `Authorization: Bearer <STEWARD_ADMIN_TOKEN>`.'
const STRETCH =
  'The answer is the file or a stretch of it. A stretch ends with the line `STW1 more <cursor>`: ask again with `cursor`, and put the answers one after the other. docs/BACKUP.md has the format.'
const ARCHIVE_KEY = {
  'X-Archive-Key': 'Base64 of 32 random bytes (`openssl rand -base64 32`): it seals the data keys of the tenant in the archive.',
}
const FILE = { 200: { description: 'The file, or a stretch of it.', body: { mediaType: MEDIA_TYPE, description: 'docs/BACKUP.md' } } }
const PARTS = { [MEDIA_TYPE]: { schema: { type: 'string', format: 'binary' } } }
const TAKEN = { 200: { description: 'How far it is.', body: { schema: Progress } } }
const TAKES =
  'The body is any number of parts of the file, in their order; the first request begins with the first part, the others name the `restore`. When all parts are there, repeat with an empty body until `isFinished`. Sending parts again changes nothing. What was changed, cut or is out of order is refused, and so are another format and missing migrations.'

const BACKUP = documented({
  tag: 'Operations',
  summary: 'Back up the installation (operator)',
  description: `${OPERATOR} Rows of D1, every Durable Object and all files of R2. ${STRETCH}`,
  isPublic: true,
  answers: FILE,
  refuses: ['invalid', 'unauthenticated', 'unavailable'],
})
const RESTORE = documented({
  tag: 'Operations',
  summary: 'Restore a backup into an empty installation (operator)',
  description: `${OPERATOR} ${TAKES}`,
  isPublic: true,
  requestBody: PARTS,
  answers: TAKEN,
  refuses: ['invalid', 'unauthenticated', 'not_found', 'conflict', 'unavailable'],
})
const OWN_ARCHIVE = documented({
  tag: 'Tenants',
  summary: 'Archive my tenant',
  description: `One file with all that the tenant has, for another installation. It opens every password hash and secret to whoever made its key, so beside its permission it takes all that an administrator may do. ${STRETCH}`,
  headers: ARCHIVE_KEY,
  answers: FILE,
  refuses: ['invalid', 'unavailable'],
})
const ARCHIVE = documented({
  tag: 'Tenants',
  summary: 'Archive a tenant (operator)',
  description: `${OPERATOR} One file with all that the tenant has, for another installation. ${STRETCH}`,
  isPublic: true,
  headers: ARCHIVE_KEY,
  answers: FILE,
  refuses: ['invalid', 'unauthenticated', 'not_found', 'unavailable'],
})
const IMPORT = documented({
  tag: 'Tenants',
  summary: 'Import the archive of a tenant (operator)',
  description: `${OPERATOR} The tenant keeps its id, which must be free here, and its slug. It comes in open; its plan and its residency are what the parameters say, never what the file says. ${TAKES}`,
  isPublic: true,
  headers: ARCHIVE_KEY,
  requestBody: PARTS,
  answers: TAKEN,
  refuses: ['invalid', 'unauthenticated', 'not_found', 'conflict', 'unavailable'],
})

/** Backups of the installation. Mounted as `/operations`. */
export function backupRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/backup', BACKUP, operated(deps), check('query', From), async (c) => {
      const { cursor } = c.req.valid('query')
      return await auditedOperator(deps, c, { audit: INSTALLATION }, async () => answer(backupsOf(deps).write(cursor)))
    })
    .post('/restore', RESTORE, operated(deps), check('query', Going), async (c) => {
      const { restore } = c.req.valid('query')
      return c.json(await entered(deps, c, await backupsOf(deps).take(bodyOf(c), restore)))
    })
}

/** Archives of tenants. Mounted as `/tenants`. */
export function archiveRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/me/archive', OWN_ARCHIVE, guard(deps, 'tenant:export'), check('query', From), async (c) => {
      const principal = c.get('principal')
      const key = archiveKeyOf(c)
      await requireMayGrant(deps, principal, 'admin')
      return answer(backupsOf(deps).writeTenant(principal.tenantId, key, c.req.valid('query').cursor))
    })
    .get('/:id/archive', ARCHIVE, operated(deps), check('query', From), async (c) => {
      const id = c.req.param('id')
      if ((await deps.identity.findTenant(id)) === undefined) throw new AppError('not_found', 'There is no tenant with that id.')
      const { cursor } = c.req.valid('query')
      return await auditedOperator(deps, c, { audit: INSTALLATION, resource: { kind: 'tenant', id } }, async () =>
        answer(backupsOf(deps).writeTenant(id, archiveKeyOf(c), cursor)),
      )
    })
    .post('/import', IMPORT, operated(deps), check('query', Importing), async (c) => {
      const { restore, plan, residency } = c.req.valid('query')
      const terms = { archiveKey: archiveKeyOf(c), residency, ...(plan !== undefined && { plan }) }
      return c.json(await entered(deps, c, await backupsOf(deps).takeTenant(bodyOf(c), restore, terms), plan))
    })
}

function backupsOf({ backups }: ApiDeps): Backups {
  if (backups === undefined) throw new AppError('unavailable', 'This installation makes no backups.')
  return backups
}

function archiveKeyOf(c: Context<ApiEnv>): Uint8Array<ArrayBuffer> {
  const given = c.req.header('X-Archive-Key') ?? ''
  const key = /^[A-Za-z0-9+/]{43}=$/.test(given) ? Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0)) : undefined
  if (key?.length !== KEY_BYTES)
    throw new AppError('invalid', 'Send X-Archive-Key: base64 of 32 random bytes, as `openssl rand -base64 32` prints it.')
  return key
}

const answer = (file: ReadableStream<Uint8Array>): Response =>
  new Response(file, { headers: { 'Content-Type': MEDIA_TYPE, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' } })

const bodyOf = (c: Context<ApiEnv>): AsyncIterable<Uint8Array> => c.req.raw.body ?? new Blob([]).stream()

/** In the chain of the installation once it is done: before, that chain may itself be what is being restored. */
async function entered(deps: ApiDeps, c: Context<ApiEnv>, progress: RestoreProgress, plan?: PlanName): Promise<RestoreProgress> {
  const { id, tenantId, counts, isFinished } = progress
  if (!isFinished) return progress
  const act = {
    action: tenantId === undefined ? 'restored' : 'tenant_imported',
    outcome: 'done' as const,
    after: { id, ...(plan !== undefined && { plan }), ...counts },
  }
  const resource = { resource: tenantId === undefined ? { kind: 'restore', id } : { kind: 'tenant', id: tenantId } }
  await deps
    .audit(INSTALLATION)
    .record([{ ...originOf(c, { kind: 'operator', id: 'operator' }), ...act, ...resource, id: deps.newId('auditEntry') }])
  return progress
}
