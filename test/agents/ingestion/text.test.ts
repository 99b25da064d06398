import { describe, expect, it } from 'vitest'
import { parseDocument } from '../../../workers/agents/ingestion/parse'
import { readNumber } from '../../../workers/agents/ingestion/text/column-tally'
import { decodeEntities } from '../../../workers/agents/ingestion/text/html-entities'
import { fullText, type ParsedDocument } from '../../../workers/domain/documents'
import { encode } from './build-files'
import { misplaced, outcomeOf } from './outcome'

const blocksOf = (document: ParsedDocument): string[] =>
  document.blocks.map(({ kind, level, page, start, end }) => `${kind}${level ?? ''}: ${document.pages[page - 1]?.text.slice(start, end)}`)

describe('plain text', () => {
  it.each([
    ['UTF-8', encode('Grüße aus Köln')],
    ['UTF-8 with a mark', Uint8Array.of(0xef, 0xbb, 0xbf, ...encode('Grüße aus Köln'))],
    ['Windows-1252', Uint8Array.from(Array.from('Grüße aus Köln', (letter) => letter.charCodeAt(0)))],
    ['UTF-16 with a mark', Uint8Array.from([0xff, 0xfe, ...Array.from('Grüße aus Köln', (letter) => [letter.charCodeAt(0), 0]).flat()])],
    ['UTF-16 without a mark', Uint8Array.from(Array.from('Grüße aus Köln', (letter) => [letter.charCodeAt(0), 0]).flat())],
  ])('is read in %s', async (_, bytes) => {
    expect(fullText(await parseDocument(bytes, 'a.txt'))).toBe('Grüße aus Köln')
  })

  it('becomes paragraphs, and pages at form feeds', async () => {
    const document = await parseDocument(encode('one\r\nstill one\r\n\r\n\r\ntwo\fthree'), 'a.txt')
    expect(blocksOf(document)).toEqual(['paragraph: one\nstill one', 'paragraph: two', 'paragraph: three'])
    expect(document.pages).toHaveLength(2)
  })

  it('guesses the language', async () => {
    expect(
      (await parseDocument(encode('Sehr geehrte Damen und Herren, bitte senden Sie uns die Rechnung für den Auftrag zu.'), 'a.txt'))
        .language,
    ).toBe('de')
    expect((await parseDocument(encode('Please send us the invoice for the order that you have on your list.'), 'a.txt')).language).toBe(
      'en',
    )
  })
})

describe('Markdown', () => {
  it('becomes headings, lists, quotes, code and tables', async () => {
    const text =
      '---\ntitle: "The plan"\n---\n# Plan\n\nA line\nand more\n\n- one\n  - two\n1. three\n\n> said\n> so\n\n```js\nlet x\n```\n\n| a | b |\n|---|---|\n| 1 | 2 \\| 3 |\n\nTail\n----\n'
    const document = await parseDocument(encode(text), 'plan.md')
    expect(blocksOf(document)).toEqual([
      'heading1: Plan',
      'paragraph: A line\nand more',
      'list_item1: - one',
      'list_item2: - two',
      'list_item1: 1. three',
      'quote: said\nso',
      'code: let x',
      'table: a\tb\n1\t2 | 3',
      'heading2: Tail',
    ])
    expect(document).toMatchObject({
      title: 'Plan',
      metadata: { title: 'The plan' },
      tables: [
        {
          rows: [
            ['a', 'b'],
            ['1', '2 | 3'],
          ],
          hasHeader: true,
        },
      ],
    })
    expect(misplaced(document)).toEqual([])
  })
})

describe('JSON', () => {
  it('keeps records as a table too', async () => {
    const document = await parseDocument(encode('{"orders":[{"id":1,"to":"Ada"},{"id":2,"vip":true}]}'), 'a.json')
    expect(document.tables).toEqual([
      {
        page: 1,
        name: 'orders',
        hasHeader: true,
        rows: [
          ['id', 'to', 'vip'],
          ['1', 'Ada', ''],
          ['2', '', 'true'],
        ],
      },
    ])
  })

  it('is refused with the place of the mistake when it is broken', async () => {
    expect(await outcomeOf(encode('{"a": 1,}'), 'a.json')).toMatchObject({ reason: 'corrupt', message: expect.stringContaining('JSON') })
  })
})

describe('CSV', () => {
  it('finds delimiter, header and figures of the columns', async () => {
    const document = await parseDocument(
      encode('Name;Betrag;Datum\r\n"Meier; Sohn";1.234,50;2026-01-01\r\nAda;-4,50;2026-01-02\r\n'),
      'a.csv',
    )
    expect(document.tables[0]).toMatchObject({
      hasHeader: true,
      rows: [
        ['Name', 'Betrag', 'Datum'],
        ['Meier; Sohn', '1.234,50', '2026-01-01'],
        ['Ada', '-4,50', '2026-01-02'],
      ],
    })
    expect(document.metadata).toMatchObject({ rows: '2', columns: '3', delimiter: ';', 'Betrag.sum': '1230', 'Betrag.min': '-4.5' })
  })

  it('cuts no record and no letter at the edge of a chunk', async () => {
    const rows = Array.from({ length: 90_000 }, (_, index) => `${index},"Grüße, Nr. ${index}"`)
    const document = await parseDocument(encode(`id,text\n${rows.join('\n')}`), 'a.csv')
    expect(document.metadata).toMatchObject({ rows: '90000', columns: '2', 'id.sum': String((90_000 * 89_999) / 2) })
    expect(fullText(document)).not.toContain('\ufffd')
  })

  it.each([
    ['1,234.50', 1234.5],
    ['1.234,50', 1234.5],
    ['€ 5', 5],
    ['12 %', 12],
    ["1'000", 1000],
    ['2026-01-01', undefined],
    ['1.2.3', undefined],
    ['', undefined],
  ])('reads %j as %s', (text, value) => {
    expect(readNumber(text)).toBe(value)
  })
})

describe('HTML', () => {
  it('keeps what a reader sees and nothing else', async () => {
    const html =
      '<!doctype html><head><title>The page</title><style>p{color:red}</style></head><body><h2>Offer &amp; price</h2><p>It costs<br>5&nbsp;&euro;<script>alert(1)</script><iframe srcdoc="<p>hidden</p>">x</iframe></p><div style="display: none">invisible</div><ul><li>one<li>two</ul><ol><li>first</ol><blockquote>said</blockquote><pre>a\n  b</pre><noscript>no</noscript>'
    const document = await parseDocument(encode(html), 'a.html')
    expect(blocksOf(document)).toEqual([
      'heading2: Offer & price',
      'paragraph: It costs\n5 €',
      'list_item1: - one',
      'list_item1: - two',
      'list_item1: 1. first',
      'quote: said',
      'code: a\n  b',
    ])
    expect(document.title).toBe('The page')
  })

  it('reads tables, and tables made for layout as paragraphs', async () => {
    const html = '<table><tr><th>Item<th>Price<tr><td>Anvil<td>1,000</table><table><tr><td>Just <b>laid</b> out</td></tr></table>'
    const document = await parseDocument(encode(html), 'a.html')
    expect(document.tables).toEqual([
      {
        page: 1,
        hasHeader: true,
        rows: [
          ['Item', 'Price'],
          ['Anvil', '1,000'],
        ],
      },
    ])
    expect(blocksOf(document)[1]).toBe('paragraph: Just laid out')
  })

  it.each([
    '<'.repeat(100_000),
    '<div '.repeat(50_000),
    '<div>'.repeat(50_000),
    '<table><tr><td>'.repeat(20_000),
    `<a ${'x="'.repeat(50_000)}`,
    `<!--${'<!--'.repeat(50_000)}`,
  ])('ends on hostile markup', async (html) => {
    expect((await outcomeOf(encode(`<html>${html}`), 'a.html')).document?.format).toBe('html')
  })

  it.each([
    ['&uuml;&#252;&#xFC;', 'üüü'],
    ['&amp;lt;', '&lt;'],
    ['&#128;', '€'],
    ['&unknown; &', '&unknown; &'],
    ['&Omega;&omega;&sigmaf;', 'Ωως'],
    ['&#0;&#xD800;', '\ufffd\ufffd'],
  ])('resolves %s', (text, resolved) => {
    expect(decodeEntities(text)).toBe(resolved)
  })
})

describe('Rich Text', () => {
  const rtf = (body: string) =>
    encode(
      `{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset204 Arial;}}{\\info{\\title The letter}{\\author Ada}}${body}}`,
    )

  it('reads code pages, Unicode and paragraphs', async () => {
    const document = await parseDocument(rtf("Gr\\'fc\\'dfe\\par {\\f1\\'cf\\'f0\\'e8} \\u8364?5\\emdash ok\\par"), 'a.rtf')
    expect(blocksOf(document)).toEqual(['paragraph: Grüße', 'paragraph: При €5—ok'])
    expect(document).toMatchObject({ title: 'The letter', metadata: { author: 'Ada' } })
  })

  it('reads tables, links and headers, and leaves pictures and objects out', async () => {
    const body =
      '{\\header Head\\par}\\trowd\\intbl a\\cell b\\cell\\row\\pard {\\field{\\*\\fldinst HYPERLINK "https://example.com"}{\\fldrslt here}} end\\par{\\pict 89504e47}{\\object\\objemb{\\*\\objdata 0105}}'
    const document = await parseDocument(rtf(body), 'a.rtf')
    expect(blocksOf(document)).toEqual(['header: Head', 'table: a\tb', 'paragraph: here (https://example.com) end'])
    expect(document.warnings.join()).toContain('objects')
  })

  it('ends on braces without end', async () => {
    expect((await outcomeOf(encode(`{\\rtf1 ${'{'.repeat(100_000)}deep`), 'a.rtf')).document?.pages[0]?.text).toBe('deep')
  })
})
