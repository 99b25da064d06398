import type { ParsedDocument } from '../../../domain/documents'
import type { DetectedFormat } from '../detect'
import { Draft } from '../draft'
import { readEmbedded } from '../embedded'
import { refuseCorrupt } from '../refusals'
import { breathe, type InnerTools } from '../tools'
import { readXml } from '../xml'
import { readCharts } from './drawing-text'
import { readObjects } from './objects'
import { notePackage, type OfficePackage, openPackage, type Relationship } from './package'
import { WordNumbering } from './word-numbering'
import { WordReader } from './word-reader'
import { readStyles } from './word-styles'

/** Parts beside the body, in the order in which they are read, with what their blocks are and how they are introduced. */
const SIDE_PARTS = [
  { type: 'header', kind: 'header' },
  { type: 'footer', kind: 'footer' },
  { type: 'footnotes', kind: 'paragraph' },
  { type: 'endnotes', kind: 'paragraph' },
  { type: 'comments', kind: 'paragraph' },
] as const

/**
 * Word files: headings, lists with the numbers that Word shows, tables, text boxes, headers and footers, notes, comments, links,
 * and one page for each page break that Word recorded. Read as a stream: memory does not grow with the XML.
 */
export async function parseDocx(bytes: Uint8Array, name: string, tools: InnerTools, detected: DetectedFormat): Promise<ParsedDocument> {
  const draft = new Draft('docx', detected.mediaType)
  const office = openPackage(bytes, name)
  const main = office.mainPart ?? 'word/document.xml'
  if (!office.archive.find(main)) throw refuseCorrupt(`"${name}"`)
  const styles = readStyles(office.archive)
  const numbering = new WordNumbering(office.archive, (style) => styles.get(style)?.numId)
  const relationships = office.relationships(main)
  const context = { draft, styles, numbering }
  draft.startPage()
  const [headers, ...others] = SIDE_PARTS
  readSidePart(headers, context, office, relationships)
  readPart(office, main, new WordReader({ ...context, relationships, kind: undefined }))
  readCharts(draft, office, main)
  await breathe(tools)
  for (const part of others) readSidePart(part, context, office, relationships)
  for (const chunk of [...relationships.values()].filter(({ type, external }) => type === 'aFChunk' && !external))
    await readChunk(draft, office, chunk, tools)
  await readObjects(draft, office, tools)
  notePackage(draft, office)
  return await draft.close(tools)
}

type SharedContext = Pick<ConstructorParameters<typeof WordReader>[0], 'draft' | 'styles' | 'numbering'>

/** Reads all parts of one type; headers of several sections that say the same are kept once. */
function readSidePart(
  part: (typeof SIDE_PARTS)[number],
  context: SharedContext,
  office: OfficePackage,
  relationships: Map<string, Relationship>,
): void {
  const said = new Set<string>()
  const targets = [...relationships.values()].filter(({ type, external }) => type === part.type && !external)
  for (const { target } of targets) {
    if (!office.archive.find(target)) continue
    const kind = part.kind === 'paragraph' ? undefined : part.kind
    readPart(office, target, new WordReader({ ...context, relationships: office.relationships(target), kind, said }))
  }
}

function readPart(office: OfficePackage, part: string, reader: WordReader): void {
  const entry = office.archive.find(part)
  if (entry) readXml(entry.chunks(), reader, entry.name)
}

async function readChunk(draft: Draft, office: OfficePackage, { target }: Relationship, tools: InnerTools): Promise<void> {
  const entry = office.archive.find(target)
  if (entry)
    await readEmbedded(
      draft,
      { name: target.split('/').pop() ?? target, mediaType: 'application/octet-stream', bytes: entry.bytes() },
      tools,
    )
}
