import { parseDocument } from '../../../workers/agents/ingestion/parse'
import type { ParseTools } from '../../../workers/agents/ingestion/tools'
import { fullText, type ParsedDocument } from '../../../workers/domain/documents'
import { AppError } from '../../../workers/domain/error'

export type Outcome = { document: ParsedDocument; reason?: undefined } | { document?: undefined; reason: string; message: string }

/** Parses and gives either the document or the refusal's reason. Any other error fails the test. */
export async function outcomeOf(bytes: Uint8Array, name: string, tools?: ParseTools): Promise<Outcome> {
  try {
    return { document: await parseDocument(bytes, name, tools) }
  } catch (error) {
    if (!(error instanceof AppError) || error.reason === undefined) throw error
    return { reason: error.reason, message: error.message }
  }
}

/** Everything readable in a document and in what it holds, blanks made one, as a searcher would see it. */
export function everythingIn(document: ParsedDocument): string {
  const inner = document.embedded.flatMap(({ name, document: child }) => [name, isDocument(child) ? everythingIn(child) : ''])
  return [fullText(document), ...Object.values(document.metadata), ...document.warnings, ...inner].join(' ').replace(/\s+/g, ' ')
}

const isDocument = (value: unknown): value is ParsedDocument => typeof value === 'object' && value !== null && 'pages' in value

/** Every block, box and table of a document lies where it says. */
export function misplaced(document: ParsedDocument): string[] {
  const lengthOf = (page: number) => document.pages[page - 1]?.text.length ?? -1
  const blocks = document.blocks.filter(({ page, start, end }) => start < 0 || end < start || end > lengthOf(page))
  const boxes = document.pages.flatMap((page) => page.boxes.filter(({ start, end }) => end <= start || end > page.text.length))
  const tables = document.blocks.filter(({ table }) => table !== undefined && document.tables[table] === undefined)
  return [...blocks, ...boxes, ...tables].map((each) => JSON.stringify(each))
}
