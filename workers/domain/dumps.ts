import type { Result } from './error'

/** One page of what an object holds. Pages of one object belong together only when all have the same stamp. */
export interface DumpPage {
  /** Changes with every write to the object, and when it starts anew. */
  stamp: string
  /** Lines of JSON: `{names}` first, `{table, columns}` before the rows of a table, and an array for each row. */
  lines: string
  rows: number
  /** Asks for the next page; absent: this was the last. */
  next?: string
  /** When the object wakes by itself, in milliseconds since 1970. */
  alarmAt?: number
  /** Highest numbers that tables have given out, by table: they are never given out again. */
  sequences?: Record<string, number>
}

/** One page on its way back into an object. */
export interface DumpPart {
  /** The restore that it is part of. */
  restore: string
  /** From 0; 0 begins anew what the same restore had begun. */
  page: number
  lines: string
  isLast: boolean
  sequences?: Record<string, number>
  /** What is in the object from before goes: for the audit of the installation, which is never empty. */
  replaces?: boolean
  /** It comes from the archive of one tenant: what operators decide of tenants is not taken from it. */
  isArchive?: boolean
}

/** Reason of the refusal of rows that are of another tenant or object. */
export const OTHER_OWNER = 'other_owner'

/** What a call to an object says that ends itself. */
export const STARTS_ANEW = 'The object starts anew from what was restored into it.'

/** What an object of each class offers to backups, by RPC. */
export interface DumpedObject {
  /** A page of all tables; `''` begins. An object that holds nothing gives a page without rows. */
  dump(after: string): Promise<Result<DumpPage>>
  /**
   * Takes a page. The object stays still, and wakes for nothing, until `awaken`. Refuses `conflict` for an object that holds anything
   * that the same restore did not bring, and `invalid` for rows of another tenant or object than its name says, of which nothing stays.
   * A page that was taken already changes nothing.
   */
  takeDump(part: DumpPart): Promise<Result<null>>
  /** Ends the instance, which may remember what was before the last page; the call breaks with `STARTS_ANEW`, and so do its stubs. */
  startAnew(): Promise<never>
  /** Lets a restored object go on from its state. Again it changes nothing. */
  awaken(): Promise<Result<null>>
}
