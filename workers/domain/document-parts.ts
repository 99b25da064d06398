import type { DocumentRecord } from './documents'
import type { Documents } from './ports'

const PAGE = 100

/** The further parts of a document that is too long for one; none for any other. */
export async function* partsOf(documents: Pick<Documents, 'list'>, documentId: string): AsyncGenerator<DocumentRecord> {
  let cursor: string | undefined
  do {
    const page = await documents.list({ limit: PAGE, parentId: documentId, source: 'part', ...(cursor && { cursor }) })
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== undefined)
}
