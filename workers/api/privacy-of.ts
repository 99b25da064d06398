import type { Context } from 'hono'
import { AppError } from '../domain/error'
import type { Privacy } from '../domain/privacy'
import type { ApiDeps, ApiEnv } from './deps'

/** What the caller's tenant keeps for retention, holds and data subjects. */
export function privacyOf(deps: Pick<ApiDeps, 'privacy'>, c: Context<ApiEnv>): Privacy {
  if (deps.privacy === undefined) throw new AppError('unavailable', 'This installation has no store for retention and data subjects.')
  return deps.privacy(c.get('principal').tenantId)
}
