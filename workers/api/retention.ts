import { Hono } from 'hono'
import { RetentionRules, SHIPPED_RULES } from '../domain/retention'
import { noteChange } from './audit-acts'
import { check } from './check'
import type { ApiDeps, ApiEnv } from './deps'
import { documented } from './documented'
import { guard } from './guard'
import { privacyOf } from './privacy-of'

const READ = documented({
  tag: 'Privacy',
  summary: 'For how long what is kept',
  description:
    'Days by document class, workflow and kind of event; null: until somebody deletes it. The shipped rules until the tenant has its own.',
  answers: { 200: { description: 'The rules.', body: { schema: RetentionRules, example: SHIPPED_RULES } } },
  refuses: ['unavailable'],
})

const SAVE = documented({
  tag: 'Privacy',
  summary: 'Set for how long what is kept',
  description:
    'Replaces all rules; what is left out gets its shipped value. What is due is removed by the sweep in portions, with everything derived from it, unless a legal hold is on it. Removing cannot be undone.',
  answers: { 200: { description: 'The rules as they stand.', body: { schema: RetentionRules, example: SHIPPED_RULES } } },
  refuses: ['invalid', 'unavailable'],
})

/** For how long a tenant keeps what. */
export function retentionRoutes(deps: ApiDeps) {
  return new Hono<ApiEnv>()
    .get('/', READ, guard(deps, 'privacy:read'), async (c) => c.json((await privacyOf(deps, c).retention.read()) ?? SHIPPED_RULES))
    .put('/', SAVE, guard(deps, 'privacy:write'), check('json', RetentionRules), async (c) => {
      const { retention } = privacyOf(deps, c)
      const [before, after] = [(await retention.read()) ?? SHIPPED_RULES, c.req.valid('json')]
      await retention.save(after, deps.clock.now().toISOString())
      noteChange(c, { before, after })
      return c.json(after)
    })
}
