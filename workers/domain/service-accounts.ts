/** A program that acts in its own name: it has a role and any number of keys, and dies as one. */
export interface ServiceAccount {
  id: string
  tenantId: string
  name: string
  role: string
  createdAt: string
  disabledAt?: string
}

export interface ServiceAccountStore {
  insert(account: ServiceAccount): Promise<void>
  find(tenantId: string, id: string): Promise<ServiceAccount | undefined>
  list(tenantId: string): Promise<ServiceAccount[]>
  /** False when the tenant has no such account. Its keys open nothing from then on; disabling twice changes nothing. */
  disable(tenantId: string, id: string, at: string): Promise<boolean>
}
