import { randomBytes } from 'node:crypto'
import { PDFDocument, StandardFonts } from 'pdf-lib'

const PAGES = 20
const LINES = 45
/** An uncompressible picture of this many pixels a side, 3 bytes each, on every page makes 2 MB. */
const PICTURE = 181
const WORDS =
  'invoice delivery quantity price total contract term notice period service quality order customer supplier account payment date'.split(
    ' ',
  )

/** A PDF of about 2 MB (20 pages) as offices have them: pages of text with a picture each. `seed` makes its text differ. */
export async function makeLargePdf(
  seed: number,
  { pages = PAGES, lineOf = sentence }: { pages?: number; lineOf?(line: number): string } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const pdf = await PDFDocument.create()
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  for (let number = 1; number <= pages; number += 1) {
    const page = pdf.addPage([595, 842])
    page.drawText(`Report ${seed}, page ${number}`, { x: 50, y: 790, size: 14, font })
    for (let line = 0; line < LINES; line += 1)
      page.drawText(lineOf(seed * 1000 + number * LINES + line), { x: 50, y: 760 - line * 12, size: 9, font })
    const picture = pdf.context.flateStream(randomBytes(PICTURE * PICTURE * 3), {
      Type: 'XObject',
      Subtype: 'Image',
      Width: PICTURE,
      Height: PICTURE,
      ColorSpace: 'DeviceRGB',
      BitsPerComponent: 8,
    })
    page.node.setXObject(page.node.newXObjectKey('Picture'), pdf.context.register(picture))
  }
  return new Uint8Array(await pdf.save())
}

const sentence = (seed: number): string =>
  Array.from({ length: 14 }, (_, index) => WORDS[(seed * 7 + index * (1 + (seed % 5))) % WORDS.length]).join(' ')
