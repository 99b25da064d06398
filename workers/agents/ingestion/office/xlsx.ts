import type { ParsedDocument } from '../../../domain/documents'
import type { DetectedFormat } from '../detect'
import { Draft } from '../draft'
import { LongTable } from '../long-table'
import { refuseCorrupt } from '../refusals'
import { breathe, type InnerTools } from '../tools'
import { attribute, readXml, readXmlInPieces, relationshipId } from '../xml'
import { readCellFormats } from './cell-formats'
import { readDrawing } from './drawing-text'
import { readObjects } from './objects'
import { notePackage, type OfficePackage, openPackage, type Relationship } from './package'
import { readSharedStrings } from './shared-strings'
import { readComments } from './sheet-comments'
import { SheetReader } from './sheet-reader'

interface SheetEntry {
  name: string
  part: string
  hidden: boolean
}

/**
 * Excel workbooks: one page and one table a sheet, numbers and dates as the cell formats show them, then the sheet's text boxes,
 * charts, comments, headers and footers. Read as a stream; rows beyond the first thousands go on in further parts.
 */
export async function parseXlsx(bytes: Uint8Array, name: string, tools: InnerTools, detected: DetectedFormat): Promise<ParsedDocument> {
  const draft = new Draft('xlsx', detected.mediaType)
  const office = openPackage(bytes, name)
  const workbook = office.mainPart ?? 'xl/workbook.xml'
  if (!office.archive.find(workbook)) throw refuseCorrupt(`"${name}"`)
  const { sheets, is1904 } = readWorkbook(office, workbook)
  const strings = readSharedStrings(office)
  const format = await readCellFormats(office, is1904)
  draft.note('sheets', sheets.map((sheet) => sheet.name).join(', '))
  for (const [index, sheet] of sheets.entries()) {
    await readSheet(draft, office, sheet, new SheetReader(strings, format), tools)
    tools.progress?.(`Read sheet ${sheet.name}`, (index + 1) / sheets.length)
    await breathe(tools)
  }
  await readObjects(draft, office, tools)
  notePackage(draft, office)
  return await draft.close(tools)
}

function readWorkbook(office: OfficePackage, part: string): { sheets: SheetEntry[]; is1904: boolean } {
  const entry = office.archive.find(part)
  const relationships = office.relationships(part)
  const sheets: SheetEntry[] = []
  let is1904 = false
  const open = (tag: string, attributes: Record<string, string>) => {
    if (tag === 'workbookPr') is1904 = /^(1|true)$/.test(attribute(attributes, 'date1904') ?? '')
    if (tag !== 'sheet') return
    const target = relationships.get(relationshipId(attributes) ?? '')
    if (target)
      sheets.push({
        name: attribute(attributes, 'name') ?? '',
        part: target.target,
        hidden: /hidden/i.test(attribute(attributes, 'state') ?? ''),
      })
  }
  if (entry) readXml(entry.chunks(), { open }, entry.name)
  return { sheets, is1904 }
}

async function readSheet(draft: Draft, office: OfficePackage, sheet: SheetEntry, reader: SheetReader, tools: InnerTools): Promise<void> {
  const entry = office.archive.find(sheet.part)
  draft.startPage()
  draft.add('heading', sheet.name, 2)
  if (sheet.hidden) draft.warn(`The sheet "${sheet.name}" is hidden in the file; it was read.`)
  if (entry === undefined) return
  const table = new LongTable(draft, sheet.name, sheet.name)
  await readXmlInPieces(entry.chunks(), reader, entry.name, async () => {
    for (const row of reader.takeRows()) {
      if (table.isFull) await table.putAway(reader.hasHeader, tools)
      table.add(row)
    }
    await breathe(tools)
  })
  const kept = draft.document.tables.at(-1)?.rows.length ?? 0
  if (table.isBegun && tools.keepPart === undefined)
    draft.leaveOut(`Only the first ${kept} of ${table.count} rows of the sheet "${sheet.name}" are kept.`)
  await table.putAway(reader.hasHeader, tools)
  for (const { type, target, external } of office.relationships(sheet.part).values())
    if (!external) readSheetPart(draft, office, type, target)
  for (const [kind, text] of reader.marginals) draft.add(kind, text)
}

function readSheetPart(draft: Draft, office: OfficePackage, type: Relationship['type'], target: string): void {
  if (type === 'drawing') readDrawing(draft, office, target)
  else if (type === 'comments' || type === 'threadedComment') readComments(draft, office, target)
}
