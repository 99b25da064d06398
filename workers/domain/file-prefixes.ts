/** Files of one tenant by the beginning of their keys. */
export interface FilePrefixes {
  /** Keys below the prefix in order, those after `after`; fewer than `limit` at the end. */
  list(prefix: string, page: { limit: number; after?: string }): Promise<string[]>
  /** Removes every file below; gives how many. */
  remove(prefix: string): Promise<number>
}
