import type { Passage } from '../../workers/domain/citations'

/** Passages of documents, each one page long, with exact spans. */
export const passagesOf = (documents: Record<string, string>): Passage[] =>
  Object.entries(documents).map(([name, text]) => ({
    id: `chk_${name}`,
    documentId: `doc_${name}`,
    name,
    text,
    context: '',
    span: { documentId: `doc_${name}`, page: 1, start: 0, end: text.length, quote: text },
  }))
