import { zipSync } from 'fflate'

export const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A zip file of texts and bytes by path. */
export const zipOf = (files: Record<string, string | Uint8Array>): Uint8Array =>
  zipSync(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [path, typeof content === 'string' ? encode(content) : content])),
  )

const RELS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const relations = (entries: string) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${entries}</Relationships>`
const relation = (id: string, type: string, target: string, mode = '') =>
  `<Relationship Id="${id}" Type="${RELS}/${type}" Target="${target}"${mode && ` TargetMode="${mode}"`}/>`

/** A Word file with the given body XML (prefix `w:`), numbering, relationships and further parts. */
export const docxOf = (
  body: string,
  more: { numbering?: string; relationships?: string; parts?: Record<string, string | Uint8Array> } = {},
): Uint8Array =>
  zipOf({
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relations(relation('rId1', 'officeDocument', 'word/document.xml')),
    'word/_rels/document.xml.rels': relations(more.relationships ?? ''),
    'word/document.xml': `<w:document xmlns:w="w" xmlns:r="r" xmlns:mc="mc"><w:body>${body}</w:body></w:document>`,
    'word/styles.xml':
      '<w:styles xmlns:w="w"><w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="Sub"><w:name w:val="My heading"/><w:basedOn w:val="H1"/></w:style></w:styles>',
    ...(more.numbering && { 'word/numbering.xml': `<w:numbering xmlns:w="w">${more.numbering}</w:numbering>` }),
    ...more.parts,
  })

export const paragraph = (text: string, properties = ''): string =>
  `<w:p>${properties && `<w:pPr>${properties}</w:pPr>`}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`

/** An Excel file with one sheet of the given row XML. */
export const xlsxOf = (rows: string, more: { styles?: string; strings?: string } = {}): Uint8Array =>
  zipOf({
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': relations(relation('rId1', 'officeDocument', 'xl/workbook.xml')),
    'xl/_rels/workbook.xml.rels': relations(relation('rId1', 'worksheet', 'worksheets/sheet1.xml')),
    'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="Sales" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/worksheets/sheet1.xml': `<worksheet><sheetData>${rows}</sheetData><headerFooter><oddHeader>&amp;LLeft&amp;C&amp;"Arial,Bold"&amp;12Middle</oddHeader></headerFooter></worksheet>`,
    ...(more.styles && { 'xl/styles.xml': `<styleSheet>${more.styles}</styleSheet>` }),
    ...(more.strings && { 'xl/sharedStrings.xml': `<sst>${more.strings}</sst>` }),
  })

export { relation }

/** A hand-written PDF of `count` pages with one line each: writing it with a library would take longer than reading it. */
export function pdfOfPages(count: number): Uint8Array {
  const parts = ['%PDF-1.4\n']
  const offsets: number[] = []
  let length = parts[0]!.length
  const add = (object: string) => {
    offsets.push(length)
    parts.push(object)
    length += object.length
  }
  const kids = Array.from({ length: count }, (_, index) => `${4 + 2 * index} 0 R`).join(' ')
  add('1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n')
  add(`2 0 obj\n<</Type/Pages/Count ${count}/Kids[${kids}]>>\nendobj\n`)
  add('3 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n')
  for (let index = 0; index < count; index++) {
    const content = `BT /F1 12 Tf 72 700 Td (Page number ${index + 1} of many) Tj ET`
    add(
      `${4 + 2 * index} 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents ${5 + 2 * index} 0 R>>\nendobj\n`,
    )
    add(`${5 + 2 * index} 0 obj\n<</Length ${content.length}>>\nstream\n${content}\nendstream\nendobj\n`)
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  parts.push(
    `xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${offsets.length + 1}/Root 1 0 R>>\nstartxref\n${length}\n%%EOF\n`,
  )
  return encode(parts.join(''))
}
