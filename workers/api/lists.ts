import * as z from 'zod'

const MAX_LIMIT = 200

/** Query of every list. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(MAX_LIMIT).default(50).describe(`Rows of a page, at most ${MAX_LIMIT}.`),
  cursor: z.string().max(500).optional().describe('`nextCursor` of the page before; leave it out for the first page.'),
})

/** Bounds on the time of creation. */
export const TimeQuery = z.object({
  createdFrom: z.iso.datetime().optional().describe('Created at this time or later, ISO 8601 in UTC.'),
  createdTo: z.iso.datetime().optional().describe('Created before this time.'),
})

/** A page of a list. */
export const pageSchema = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional().describe('Pass it as `cursor` to go on; absent on the last page.') })

/** A list that is always whole. */
export const listSchema = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) })
