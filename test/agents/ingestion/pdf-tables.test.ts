import { PDFDocument, StandardFonts } from 'pdf-lib'
import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../../workers/agents/ingestion/parse'

type Word = [text: string, x: number, y: number]

async function tablesOf(words: Word[], size = 10) {
  const pdf = await PDFDocument.create()
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  const page = pdf.addPage([595, 842])
  for (const [text, x, y] of words) page.drawText(text, { x, y, size, font })
  return (await parseDocument(await pdf.save(), 'a.pdf')).tables.map(({ rows }) => rows)
}
/** Cells of a row at the left edges given. */
const row = (y: number, edges: number[], ...cells: string[]): Word[] =>
  cells.flatMap((cell, index) => (cell === '' ? [] : [[cell, edges[index] ?? 0, y] satisfies Word]))

describe('tables without lines', () => {
  it('joins lines of one cell where rows stand further apart than lines', async () => {
    const edges = [50, 180, 380]
    const words = [
      ...row(700, edges, 'Source', 'Definition', 'Examples'),
      ...row(676, edges, 'Major', 'Emissions of ten tons a', 'Utilities, refineries,'),
      ...row(664, edges, '', 'year or more', 'plants'),
      ...row(640, edges, 'Area', 'Emissions of less than', 'Dry cleaners,'),
      ...row(628, edges, '', 'ten tons a year', 'stations'),
    ]
    expect(await tablesOf(words)).toEqual([
      [
        ['Source', 'Definition', 'Examples'],
        ['Major', 'Emissions of ten tons a year or more', 'Utilities, refineries, plants'],
        ['Area', 'Emissions of less than ten tons a year', 'Dry cleaners, stations'],
      ],
    ])
  })

  it('keeps rows of figures apart where sections of them stand further apart', async () => {
    const edges = [50, 200, 300]
    const words = [
      ...row(700, edges, 'City', 'Births', 'Deaths'),
      ...row(688, edges, 'Ahlen', '120', '80'),
      ...row(676, edges, 'Brake', '130', '90'),
      ...row(656, edges, 'Celle', '140', '95'),
      ...row(644, edges, 'Dahn', '150', '99'),
    ]
    expect((await tablesOf(words))[0]?.map((cells) => cells[0])).toEqual(['City', 'Ahlen', 'Brake', 'Celle', 'Dahn'])
  })

  it('keeps a title over two columns whole and apart from the titles below it', async () => {
    const edges = [50, 200, 290, 380, 470]
    const words = [
      ['Tests of 2003 to 2004', 205, 700] satisfies Word,
      ['Tests of 2005 to 2006', 385, 700] satisfies Word,
      ...row(684, edges, 'State', 'Taken', 'Passed', 'Taken', 'Passed'),
      ...row(668, edges, 'Ohio', '1,204', '1,100', '1,301', '1,200'),
      ...row(652, edges, 'Utah', '804', '701', '850', '702'),
      ...row(636, edges, 'Iowa', '604', '512', '620', '555'),
    ]
    expect((await tablesOf(words))[0]?.slice(0, 2)).toEqual([
      ['', 'Tests of 2003 to 2004', '', 'Tests of 2005 to 2006', ''],
      ['State', 'Taken', 'Passed', 'Taken', 'Passed'],
    ])
  })

  it('divides figures that stand close in one stretch of text by the columns of the other rows', async () => {
    const edges = [50, 150, 190, 230]
    const words = [
      ...row(700, edges, 'Year', '2001', '2002', '2003'),
      ...row(686, edges, 'Sales', '1,204', '1,305', '1,406'),
      ...row(672, edges, 'Costs', '804', '905', '706'),
      ...row(658, [50, 150], 'Profit', '400.25 400.50 700.00'),
      ...row(644, edges, 'Staff', '20', '21', '22'),
    ]
    expect((await tablesOf(words))[0]?.[3]).toEqual(['Profit', '400.25', '400.50', '700.00'])
  })

  it('takes neither a list with bullets nor prose in two columns for a table', async () => {
    const bullets = ['presentation of the tests', 'equipment and material', 'time and setting of tests', 'answers in other forms'].flatMap(
      (text, index): Word[] => [
        ['•', 50, 700 - 16 * index],
        [text, 80, 700 - 16 * index],
      ],
    )
    const prose = ['The supplier bears the risk of', 'the goods until they are handed', 'over to the buyer at the place'].flatMap(
      (text, index): Word[] => [
        [text, 50, 500 - 14 * index],
        ['Payment is due within thirty da', 310, 500 - 14 * index],
      ],
    )
    expect(await tablesOf([...bullets, ...prose])).toEqual([])
  })
})
