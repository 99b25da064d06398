import { describe, expect, it } from 'vitest'
import { fullText, type ParsedDocument } from '../../../workers/domain/documents'
import { docxOf, encode, paragraph, pdfOfPages, relation, zipOf } from './build-files'
import { everythingIn, outcomeOf } from './outcome'

const TEST_VIRUS = `${'X5O!P%@AP[4\\PZX54(P^)7CC)7}$'}${'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'}`

/** A zip of a zip of … of a text, `levels` deep. */
const nested = (levels: number): Uint8Array =>
  levels === 0 ? encode('the innermost text') : zipOf({ [levels === 1 ? 'text.txt' : `level${levels - 1}.zip`]: nested(levels - 1) })

const depthOf = (document: ParsedDocument): number =>
  1 + Math.max(0, ...document.embedded.map(({ document: child }) => (child ? depthOf(child as ParsedDocument) : 0)))

describe('archives', () => {
  it('refuses a bomb before it is unpacked', async () => {
    const bomb = zipOf({ 'zeros.bin': new Uint8Array(10_000_000) })
    expect((await outcomeOf(bomb, 'bomb.zip')).reason).toBe('zip_bomb')
  })

  it('refuses a bomb that lies about its size', async () => {
    const bomb = zipOf({ 'word/document.xml': new Uint8Array(20 * 1024 * 1024).fill(32), '[Content_Types].xml': '<Types/>' })
    const view = new DataView(bomb.buffer)
    for (let at = 0; at + 46 < bomb.length; at++) if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 100, true)
    expect((await outcomeOf(bomb, 'bomb.docx')).reason).toBe('zip_bomb')
  })

  it('opens archives in archives to a bound and says where it stopped', async () => {
    const mixed = zipOf({ 'letter.txt': 'a letter', 'deep.zip': nested(6) })
    const { document } = await outcomeOf(mixed, 'mixed.zip')
    expect(depthOf(document!)).toBe(3)
    expect(JSON.stringify(document)).toContain('open it on its own')
    expect(everythingIn((await outcomeOf(nested(3), 'nested.zip')).document!)).toContain('the innermost text')
  })

  it('ends on archives that multiply at every level', async () => {
    const droste = Array.from({ length: 40 }).reduce<Uint8Array>((inner) => zipOf({ 'droste.zip': inner }), encode('x'.repeat(40)))
    expect((await outcomeOf(droste, 'droste.zip')).reason).toBe('unsupported_type')
    const wide = (level: number): Uint8Array =>
      level === 0
        ? encode('leaf')
        : zipOf(
            Object.fromEntries(Array.from({ length: 12 }, (_, index) => [level === 1 ? `${index}.txt` : `${index}.zip`, wide(level - 1)])),
          )
    const { document } = await outcomeOf(wide(3), 'wide.zip')
    const count = (each: ParsedDocument): number =>
      each.embedded.reduce((sum, { document: child }) => sum + 1 + (child ? count(child as ParsedDocument) : 0), 0)
    expect(count(document!)).toBe(500)
    expect(JSON.stringify(document)).toContain('holds too many')
  })

  it.each([
    ['nothing', {}],
    ['only a program', { 'setup.exe': new Uint8Array([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xff, 0xff, 0, 0]) }],
    ['only archives that lie too deep', { 'deep.zip': nested(6) }],
  ])('refuses one that holds %s as it refuses an unsupported file', async (_, files) => {
    expect((await outcomeOf(zipOf(files), 'a.zip')).reason).toBe('unsupported_type')
  })

  it('refuses too many members', async () => {
    const many = zipOf(Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`${index}.txt`, 'x'])))
    expect((await outcomeOf(many, 'many.zip')).reason).toBe('zip_bomb')
  })

  it('neutralises path tricks in names', async () => {
    const { document } = await outcomeOf(
      zipOf({ '../../etc/passwd': 'root:x', 'C:\\Windows\\evil.txt': 'hello', '/abs/file.txt': 'hi there' }),
      'tricks.zip',
    )
    expect(document?.embedded.map(({ name }) => name)).toEqual(['passwd', 'evil.txt', 'file.txt'])
    expect(fullText(document!)).not.toMatch(/\.\.|C:/)
  })

  it('neither stores nor opens the antivirus test string, and says so', async () => {
    const taken: string[] = []
    const take = async ({ name }: { name: string }) => {
      taken.push(name)
      return undefined
    }
    const { document } = await outcomeOf(zipOf({ 'virus.txt': TEST_VIRUS, 'fine.txt': 'fine' }), 'a.zip', { take })
    expect(taken).toEqual(['fine.txt'])
    expect(document?.warnings.join()).toContain('EICAR')
  })
})

describe('XML', () => {
  it.each([
    ['an external entity', '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['entities that grow', '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'],
    ['an undeclared entity', '<?xml version="1.0"?><a>&nope;</a>'],
    ['broken markup', '<?xml version="1.0"?><a><b></a>'],
    ['nesting without end', `<?xml version="1.0"?>${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`],
  ])('refuses %s as corrupt', async (_, xml) => {
    expect((await outcomeOf(encode(xml), 'a.xml')).reason).toBe('corrupt')
  })

  it('refuses entities inside an office file too', async () => {
    const docx = docxOf('', {
      parts: {
        'word/document.xml': '<!DOCTYPE x [<!ENTITY e SYSTEM "http://evil.test/">]><w:document xmlns:w="w"><w:p>&e;</w:p></w:document>',
      },
    })
    expect((await outcomeOf(docx, 'a.docx')).reason).toBe('corrupt')
  })

  it('lists files inside an e-invoice and flags the antivirus test string in them', async () => {
    const object = `<cbc:EmbeddedDocumentBinaryObject mimeCode="text/plain" filename="att.txt">${btoa(TEST_VIRUS)}</cbc:EmbeddedDocumentBinaryObject>`
    const { document } = await outcomeOf(
      encode(`<?xml version="1.0"?><Invoice xmlns:cbc="c"><cbc:ID>471102</cbc:ID>${object}</Invoice>`),
      'ubl.xml',
    )
    expect(document?.warnings.join()).toContain('EICAR')
    expect(document?.embedded).toMatchObject([{ name: 'att.txt', skipped: expect.any(String) }])
    expect(fullText(document!)).toContain('ID: 471102')
    expect(fullText(document!)).not.toContain(btoa(TEST_VIRUS).slice(0, 20))
  })
})

describe('office files', () => {
  it('names external references, macros and DDE without touching them', async () => {
    const field =
      '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DDEAUTO c:\\\\cmd.exe "/k calc"</w:instrText><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    const docx = docxOf(paragraph('Body') + field, {
      relationships: relation('rId9', 'attachedTemplate', 'https://evil.test/t.dotm', 'External'),
      parts: { 'word/vbaProject.bin': 'x' },
    })
    const { document } = await outcomeOf(docx, 'a.docx')
    expect(document?.warnings.join('\n')).toMatch(/macros[\s\S]*evil\.test|evil\.test[\s\S]*macros/)
    expect(document?.warnings.join('\n')).toContain('DDE')
  })
})

describe('PDF', () => {
  it('reads the first pages of 10,000 and says so', async () => {
    const { document } = await outcomeOf(pdfOfPages(10_000), 'long.pdf')
    expect(document?.pages).toHaveLength(2_000)
    expect(document?.pages[1_999]?.text).toBe('Page number 2000 of many')
    expect(document?.warnings.join()).toContain('first 2000 of 10000 pages')
  })

  it('refuses more pages than anybody prints', async () => {
    expect((await outcomeOf(pdfOfPages(50_001), 'endless.pdf')).reason).toBe('too_many_pages')
  })

  it('refuses what is cut off beyond repair as truncated, and garbage as corrupt', async () => {
    expect((await outcomeOf(pdfOfPages(3).subarray(0, 60), 'cut.pdf')).reason).toBe('truncated')
    expect((await outcomeOf(encode('%PDF-1.4\ngarbage all the way\n%%EOF'), 'bad.pdf')).reason).toBe('corrupt')
  })

  it('ends when the step is cancelled', async () => {
    const stop = new AbortController()
    stop.abort(new Error('cancelled'))
    await expect(outcomeOf(pdfOfPages(100), 'a.pdf', { signal: stop.signal })).rejects.toThrow('cancelled')
  })
})

describe('CSV', () => {
  it('counts a million rows and keeps the first of them', async () => {
    const rows = Array.from({ length: 1_000_000 }, (_, index) => `${index};Customer ${index % 1000};${(index % 100) / 10};2026-01-01`)
    const { document } = await outcomeOf(encode(`id;name;amount;day\n${rows.join('\n')}`), 'big.csv')
    expect(document?.metadata).toMatchObject({ rows: '1000000', 'id.max': '999999', 'amount.max': '9.9', 'amount.sum': '4950000' })
    expect(document?.tables[0]?.rows).toHaveLength(5_000)
    expect(document?.warnings.join()).toContain('1,000,001 rows')
  })

  it('survives a quote that never closes', async () => {
    const rows = Array.from({ length: 300_000 }, (_, index) => `${index},value ${index}`).join('\n')
    const { document } = await outcomeOf(encode(`id,text\n1,"open\n${rows}`), 'quote.csv')
    expect(document?.warnings.join()).toContain('quote')
    expect(Number(document?.metadata.rows)).toBeGreaterThan(299_000)
  })
})
