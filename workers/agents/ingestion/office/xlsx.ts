import type { ParsedDocument } from '../../../domain/documents'
import type { DetectedFormat } from '../detect'
import { Draft } from '../draft'
import { refuseCorrupt } from '../refusals'
import { breathe, type InnerTools } from '../tools'
import { attribute, readXml, relationshipId } from '../xml'
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
 * charts, comments, headers and footers. Read as a stream; rows beyond the first thousands are counted, not kept.
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
    readSheet(draft, office, sheet, new SheetReader(strings, format))
    tools.progress?.(`Read sheet ${sheet.name}`, (index + 1) / sheets.length)
    await breathe(tools)
  }
  await readObjects(draft, office, tools)
  notePackage(draft, office)
  return draft.document
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

function readSheet(draft: Draft, office: OfficePackage, sheet: SheetEntry, reader: SheetReader): void {
  const entry = office.archive.find(sheet.part)
  draft.startPage()
  draft.add('heading', sheet.name, 2)
  if (sheet.hidden) draft.warn(`The sheet "${sheet.name}" is hidden in the file; it was read.`)
  if (entry === undefined) return
  readXml(entry.chunks(), reader, entry.name)
  if (reader.rowCount > reader.rows.length)
    draft.leaveOut(`Only the first ${reader.rows.length} of ${reader.rowCount} rows of the sheet "${sheet.name}" are kept.`)
  draft.table(reader.rows, { name: sheet.name, hasHeader: reader.hasHeader })
  for (const { type, target, external } of office.relationships(sheet.part).values())
    if (!external) readSheetPart(draft, office, type, target)
  for (const [kind, text] of reader.marginals) draft.add(kind, text)
}

function readSheetPart(draft: Draft, office: OfficePackage, type: Relationship['type'], target: string): void {
  if (type === 'drawing') readDrawing(draft, office, target)
  else if (type === 'comments' || type === 'threadedComment') readComments(draft, office, target)
}
