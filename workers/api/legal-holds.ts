import { Hono } from 'hono'
import * as z from 'zod'
import { AppError, unwrap } from '../domain/error'
import { type HeldKind, LegalHold } from '../domain/legal-holds'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { findDocument } from './documents'
import { guard } from './guard'
import { listSchema } from './lists'
import { privacyOf } from './privacy-of'

const HoldSchema = LegalHold.meta({ id: 'LegalHold' })
const Order = z.object({
  reason: z.string().trim().min(3).max(500).describe('Why it must stay, for whoever is refused; a reference, not personal data.'),
})

const LIST = documented({
  tag: 'Privacy',
  summary: 'All legal holds',
  answers: { 200: { description: 'The newest first.', body: { schema: listSchema(HoldSchema) } } },
  refuses: ['unavailable'],
})
const place = (what: HeldKind) =>
  documented({
    tag: 'Privacy',
    summary: `Put a legal hold on a ${what}`,
    description:
      what === 'document'
        ? 'While it stands, the document, what was found in it, what it was found in, and its runs are not deleted: neither by people (409, `legal_hold`), nor by retention, nor by an erasure. Again it replaces the reason.'
        : 'While it stands, the run and the document that it was started for are not deleted: neither by people (409, `legal_hold`), nor by retention, nor by an erasure. Again it replaces the reason.',
    answers: { 200: { description: 'The hold.', body: { schema: HoldSchema } } },
    refuses: ['invalid', 'not_found', 'unavailable'],
  })
const lift = (what: HeldKind) =>
  documented({
    tag: 'Privacy',
    summary: `Lift the legal hold on a ${what}`,
    answers: { 204: { description: 'Lifted. What is due goes with the next sweep.' } },
    refuses: ['not_found', 'unavailable'],
  })

/** All legal holds of a tenant. */
export function legalHoldRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>().get('/', LIST, guard(deps, 'privacy:read'), async (c) =>
    c.json({ items: await privacyOf(deps, c).holds.list() }),
  )
}

/** The legal hold of one document or run; mounted below its `:id`. */
export function holdRoutes(deps: ApiDeps, kind: HeldKind) {
  return new Hono<ApiEnv>()
    .put('/', place(kind), guard(deps, 'privacy:write'), check('json', Order), async (c) => {
      const id = c.req.param('id') ?? ''
      const { holds } = privacyOf(deps, c)
      if (kind === 'document') await findDocument(c.get('ports'), id)
      else unwrap(await c.get('runs').get(id))
      const { reason } = c.req.valid('json')
      const hold = { kind, id, reason, placedBy: c.get('principal').id, placedAt: deps.clock.now().toISOString() }
      await holds.place(hold)
      return c.json(hold)
    })
    .delete('/', lift(kind), guard(deps, 'privacy:write'), async (c) => {
      if (!(await privacyOf(deps, c).holds.lift(kind, c.req.param('id') ?? '')))
        throw new AppError('not_found', `There is no hold on a ${kind} with that id.`)
      return c.body(null, 204)
    })
}
