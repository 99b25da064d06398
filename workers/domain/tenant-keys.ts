/** One version of a tenant's data key, as an administrator sees it. */
export interface TenantKeyVersion {
  version: number
  /**
   * `active`: seals; `retiring`: what it sealed in tables is being sealed anew; `retired`: only opens fields and files; `destroyed`: opens
   * nothing any more.
   */
  status: 'active' | 'retiring' | 'retired' | 'destroyed'
  createdAt: string
  retiredAt?: string
  destroyedAt?: string
  /** Values in tables that it sealed: secrets, authenticator apps, client secrets. */
  values: number
  /** Fields or files are sealed with it, which are not sealed anew: the version stays until the tenant is deleted. */
  sealsContent: boolean
}

/** Data keys of one tenant. */
export interface TenantKeys {
  /** Newest first. */
  list(): Promise<TenantKeyVersion[]>
  /** Makes a version that seals from now on. Refuses `conflict` when another rotation came first. */
  rotate(): Promise<number>
}

/** How far a change of master keys has come. */
export interface Rewrapped {
  /** How many were wrapped or sealed anew by this call. */
  done: number
  /** What an earlier master key still seals. At 0 it may leave the configuration. */
  left: number
}

/** A retired key is deleted no sooner: until then an isolate may still seal with it. */
export const KEY_GRACE_MS = 5 * 60_000
