import { attribute, readXml } from '../xml'
import type { OfficePackage } from './package'

/** Shows a number the way the cell format at `styleIndex` does. */
export type CellFormat = (value: number, styleIndex: number) => string

/** Excel's built-in formats by id. Dates that Excel shows by the reader's locale are ISO 8601 here. */
const BUILT_IN: Record<number, string> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  14: 'yyyy-mm-dd',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd hh:mm',
  37: '#,##0;(#,##0)',
  38: '#,##0;(#,##0)',
  39: '#,##0.00;(#,##0.00)',
  40: '#,##0.00;(#,##0.00)',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
  49: '@',
}

/** Formats with more sections or characters than this are decoration gone wrong. */
const MAX_FORMAT_CHARACTERS = 200

export async function readCellFormats(office: OfficePackage, is1904: boolean): Promise<CellFormat> {
  const { formatValue } = await import('hucre')
  const formats = readStyleFormats(office)
  return (value, styleIndex) => {
    const format = formats[styleIndex]
    if (format === undefined || format === '@' || /^general$/i.test(format) || format.length > MAX_FORMAT_CHARACTERS)
      return plainNumber(value)
    return formatValue(value, format, { is1904 }).trim()
  }
}

/** Excel keeps 15 digits: 0.1 + 0.2 reads 0.3. */
const plainNumber = (value: number): string => String(Number(value.toPrecision(15)))

/** The format code of each cell style. */
function readStyleFormats(office: OfficePackage): (string | undefined)[] {
  const custom = new Map<string, string>()
  const formats: (string | undefined)[] = []
  const entry = office.archive.find('xl/styles.xml')
  if (entry === undefined) return formats
  let inCells = false
  readXml(
    entry.chunks(),
    {
      open: (tag, attributes) => {
        if (tag === 'numFmt') custom.set(attribute(attributes, 'numFmtId') ?? '', attribute(attributes, 'formatCode') ?? '')
        else if (tag === 'cellXfs') inCells = true
        else if (tag === 'xf' && inCells) {
          const id = attribute(attributes, 'numFmtId') ?? '0'
          formats.push(custom.get(id) ?? BUILT_IN[Number(id)])
        }
      },
      close: (tag) => {
        if (tag === 'cellXfs') inCells = false
      },
    },
    entry.name,
  )
  return formats
}
