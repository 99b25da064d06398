/** Bytes of documents and reports that one tenant has stored. */
export interface TenantStorage {
  used(): Promise<number>
  /**
   * Refuses `over_budget` (reason `plan_storageBytes`) when so many bytes more are above what the plan has. Nothing is set aside: files
   * that come at the same moment are each held against what is stored by then.
   */
  requireRoom(bytes: number): Promise<void>
}
