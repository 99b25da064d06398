import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../../workers/agents/ingestion/parse'
import { fullText } from '../../../workers/domain/documents'
import { docxOf, paragraph, relation, xlsxOf, zipOf } from './build-files'
import { misplaced } from './outcome'

const cell = (text: string, properties = '') => `<w:tc>${properties && `<w:tcPr>${properties}</w:tcPr>`}${paragraph(text)}</w:tc>`
const item = (text: string, level: number, list = 1) =>
  paragraph(text, `<w:numPr><w:ilvl w:val="${level}"/><w:numId w:val="${list}"/></w:numPr>`)
const level = (index: number, format: string, text: string, start = 1) =>
  `<w:lvl w:ilvl="${index}"><w:start w:val="${start}"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/></w:lvl>`

describe('Word files', () => {
  it('gives headings their level, inherited by style', async () => {
    const document = await parseDocument(
      docxOf(paragraph('Contract', '<w:pStyle w:val="H1"/>') + paragraph('Scope', '<w:pStyle w:val="Sub"/>') + paragraph('Text')),
      'a.docx',
    )
    expect(document.blocks.map(({ kind, level: depth }) => [kind, depth])).toEqual([
      ['heading', 1],
      ['heading', 1],
      ['paragraph', undefined],
    ])
    expect(misplaced(document)).toEqual([])
  })

  it('numbers list items as Word shows them', async () => {
    const numbering = `<w:abstractNum w:abstractNumId="7">${level(0, 'upperRoman', '%1.')}${level(1, 'lowerLetter', '%1.%2)')}${level(2, 'bullet', 'x')}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num>`
    const document = await parseDocument(
      docxOf(
        item('one', 0) + item('under', 1) + item('again', 1) + item('dot', 2) + item('two', 0) + item('under two', 1) + item('nine', 0, 2),
        { numbering },
      ),
      'a.docx',
    )
    expect(document.pages[0]?.text.split('\n')).toEqual([
      'I. one',
      'I.a) under',
      'I.b) again',
      '• dot',
      'II. two',
      'II.a) under two',
      'IX. nine',
    ])
  })

  it('reads tables with joined cells, and tables in cells as their text', async () => {
    const inner = `<w:tbl><w:tr>${cell('inner a')}${cell('inner b')}</w:tr></w:tbl>`
    const table = `<w:tbl><w:tr>${cell('Item')}${cell('Price')}${cell('Note')}</w:tr><w:tr>${cell('both', '<w:gridSpan w:val="2"/>')}<w:tc>${inner}</w:tc></w:tr></w:tbl>`
    const document = await parseDocument(docxOf(table), 'a.docx')
    expect(document.tables).toEqual([
      {
        page: 1,
        hasHeader: true,
        rows: [
          ['Item', 'Price', 'Note'],
          ['both', '', 'inner a inner b'],
        ],
      },
    ])
  })

  it('reads text boxes once, headers, footers, footnotes and comments', async () => {
    const box = `<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>${paragraph('in a box')}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>${paragraph('in a box')}</w:txbxContent></mc:Fallback></mc:AlternateContent><w:t>around it</w:t></w:r></w:p>`
    const part = (root: string, content: string) => `<w:${root} xmlns:w="w">${content}</w:${root}>`
    const document = await parseDocument(
      docxOf(box, {
        relationships: ['header', 'footer', 'footnotes', 'comments'].map((type) => relation(type, type, `${type}.xml`)).join(''),
        parts: {
          'word/header.xml': part('hdr', paragraph('the letterhead')),
          'word/footer.xml': part('ftr', paragraph('the bank account')),
          'word/footnotes.xml': part('footnotes', `<w:footnote w:id="2">${paragraph('a note')}</w:footnote>`),
          'word/comments.xml': part('comments', `<w:comment w:id="1" w:author="Ada">${paragraph('check this')}</w:comment>`),
        },
      }),
      'a.docx',
    )
    expect(document.blocks.map(({ kind, start, end }) => `${kind}: ${document.pages[0]?.text.slice(start, end)}`)).toEqual([
      'header: the letterhead',
      'paragraph: in a box',
      'paragraph: around it',
      'footer: the bank account',
      'paragraph: a note',
      'paragraph: Comment by Ada: check this',
    ])
  })

  it('leaves out deleted text and keeps inserted text', async () => {
    const body =
      '<w:p><w:ins><w:r><w:t>new </w:t></w:r></w:ins><w:del><w:r><w:delText>old </w:delText></w:r></w:del><w:r><w:t>text</w:t></w:r></w:p>'
    expect(fullText(await parseDocument(docxOf(body), 'a.docx'))).toBe('new text')
  })

  it('shows where a link leads and begins a page at a page break', async () => {
    const link = '<w:p><w:hyperlink r:id="rId5"><w:r><w:t>our terms</w:t></w:r></w:hyperlink></w:p>'
    const document = await parseDocument(
      docxOf(`${link}<w:p><w:r><w:br w:type="page"/></w:r></w:p>${paragraph('next page')}`, {
        relationships: relation('rId5', 'hyperlink', 'https://example.com/terms', 'External'),
      }),
      'a.docx',
    )
    expect(document.pages.map(({ text }) => text)).toEqual(['our terms (https://example.com/terms)', 'next page'])
    expect(document.warnings).toEqual([])
  })
})

describe('Excel files', () => {
  const styles =
    '<numFmts><numFmt numFmtId="170" formatCode="#,##0.00 &quot;EUR&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="10"/></cellXfs>'

  it('shows numbers and dates as the cells do', async () => {
    const rows =
      '<row><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Amount</t></is></c><c r="C1" t="str"><v>Share</v></c><c r="D1" t="str"><v>Paid</v></c></row>' +
      '<row><c r="A2" s="1"><v>46086</v></c><c r="B2" s="2"><v>1234.5</v></c><c r="C2" s="3"><v>0.125</v></c><c r="D2" t="b"><v>1</v></c></row>' +
      '<row><c r="C3"><v>0.30000000000000004</v></c></row>'
    const document = await parseDocument(
      xlsxOf(rows, { styles, strings: '<si><r><t>D</t></r><r><t>ay</t></r><rPh><t>hint</t></rPh></si>' }),
      'a.xlsx',
    )
    expect(document.tables).toEqual([
      {
        page: 1,
        name: 'Sales',
        hasHeader: true,
        rows: [
          ['Day', 'Amount', 'Share', 'Paid'],
          ['2026-03-05', '1,234.50 EUR', '12.50%', 'TRUE'],
          ['', '', '0.3', ''],
        ],
      },
    ])
    expect(document.pages[0]?.text).toContain('Left Middle')
    expect(misplaced(document)).toEqual([])
  })

  it('keeps the first rows of a long sheet and counts the rest', async () => {
    const rows = Array.from({ length: 6_000 }, (_, index) => `<row><c><v>${index}</v></c></row>`).join('')
    const document = await parseDocument(xlsxOf(rows), 'long.xlsx')
    expect(document.tables[0]?.rows).toHaveLength(5_000)
    expect(document.warnings.join()).toContain('5000 of 6000 rows')
  })
})

describe('OpenDocument files', () => {
  const odf = (body: string, type = 'text') =>
    zipOf({
      mimetype: `application/vnd.oasis.opendocument.${type}`,
      'content.xml': `<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d" xmlns:xlink="x"><office:body>${body}</office:body></office:document-content>`,
      'styles.xml':
        '<office:document-styles xmlns:office="o" xmlns:style="s" xmlns:text="t"><style:master-page><style:footer><text:p>every page</text:p></style:footer></style:master-page></office:document-styles>',
      'meta.xml': '<office:document-meta xmlns:office="o" xmlns:dc="d"><dc:title>The title</dc:title></office:document-meta>',
    })

  it('reads headings, lists, links, tables and the footer of the page', async () => {
    const body =
      '<text:h text:outline-level="2">Head</text:h><text:list><text:list-item><text:p>one</text:p></text:list-item></text:list><text:p>see <text:a xlink:href="https://example.com">here</text:a><text:tab/>end</text:p><table:table table:name="T"><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell table:number-columns-repeated="900"/></table:table-row></table:table>'
    const document = await parseDocument(odf(body), 'a.odt')
    expect(document).toMatchObject({ title: 'The title', tables: [{ name: 'T', rows: [['a']] }] })
    expect(document.blocks.map(({ kind, start, end }) => `${kind}: ${document.pages[0]?.text.slice(start, end)}`)).toEqual([
      'heading: Head',
      'list_item: • one',
      'paragraph: see here (https://example.com)\tend',
      'table: a',
      'footer: every page',
    ])
  })

  it('gives a presentation one page a slide', async () => {
    const slide = (text: string) =>
      `<draw:page><draw:frame><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame></draw:page>`
    const document = await parseDocument(odf(slide('first') + slide('second'), 'presentation'), 'a.odp')
    expect(document.pages.map(({ text }) => text.split('\n')[0])).toEqual(['first', 'second'])
  })
})
