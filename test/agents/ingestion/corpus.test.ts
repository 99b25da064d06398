import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { fullText, type ParsedDocument } from '../../../workers/domain/documents'
import { everythingIn, misplaced, outcomeOf } from './outcome'

/** Third-party files to measure with; absent from a plain clone, and then these tests are skipped. */
const folderOf = (set: string) => fileURLToPath(new URL(`../../../../shared/data/${set}/dev/`, import.meta.url).href)
const missing = (set: string) => !existsSync(`${folderOf(set)}manifest.jsonl`)

const Entry = z.looseObject({
  file: z.string(),
  category: z.string().optional(),
  expected: z.string().optional(),
  confirmed: z.array(z.string()).nullish(),
  must_contain: z.array(z.string()).optional(),
  must_not_contain: z.array(z.string()).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  reference_parse: z
    .object({
      subject: z.string().nullable(),
      from_: z.string().nullable(),
      message_id: z.string().nullable(),
      parts: z.array(z.object({ type: z.string(), filename: z.string().nullable() })),
      defects: z.array(z.string()),
    })
    .optional(),
})
type Entry = z.infer<typeof Entry>

const entriesOf = (set: string): Entry[] =>
  missing(set)
    ? []
    : readFileSync(`${folderOf(set)}manifest.jsonl`, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => Entry.parse(JSON.parse(line)))
        // A listed file that virus scanners removed on the way cannot be tried.
        .filter(({ file }) => existsSync(folderOf(set) + file))

const parse = (set: string, file: string) => outcomeOf(new Uint8Array(readFileSync(folderOf(set) + file)), file.split('/').pop() ?? file)

const PER_FILE_MS = 30_000

describe.skipIf(missing('hostile_files'))('hostile files (skipped without ../shared/data)', () => {
  it.each(entriesOf('hostile_files'))(
    '$file ends as expected: $expected',
    { timeout: PER_FILE_MS },
    async ({ file, category = '', expected = '' }) => {
      const { document, reason } = await parse('hostile_files', file)
      if (category.startsWith('encrypted')) expect(reason).toBe('encrypted')
      else if (/^clean error/.test(expected) && document === undefined) expect(reason).toMatch(/^(corrupt|truncated|unsupported_type)$/)
      else if (document) expect(misplaced(document)).toEqual([])
      if (category === 'macro') expect(document?.warnings.join()).toContain('macros')
      if (category === 'external reference') expect(document?.warnings.join()).toContain('not fetched')
      if (category === 'script') expect(fullText(document!)).not.toMatch(/cool|iframe content/)
      if (category === 'nested embedding')
        for (const name of ['embed1a.txt', 'embed2a.txt', 'embed3.txt']) expect(everythingIn(document!)).toContain(name)
      if (category === 'type confusion') expect(document?.format).toBe('html')
      if (expected === 'names decoded') expect(document?.embedded[0]?.name).toMatch(/^filename_with_\p{L}o\p{L}\.txt$/u)
    },
  )
})

/** Formats of before 2007 and binary workbooks are refused as unsupported, which the manifest does not ask for. */
const UNSUPPORTED = /\.(doc|xls|ppt|xlsb)$/

describe.skipIf(missing('docs_parsing_tika'))('office, PDF and HTML files (skipped without ../shared/data)', () => {
  it.each(entriesOf('docs_parsing_tika'))('$file gives its confirmed text', { timeout: PER_FILE_MS }, async (entry) => {
    const { document, reason } = await parse('docs_parsing_tika', entry.file)
    if (UNSUPPORTED.test(entry.file)) return expect(reason).toBe('unsupported_type')
    expect(misplaced(document!)).toEqual([])
    const everything = everythingIn(document!)
    const wanted = entry.confirmed ?? entry.must_contain ?? []
    expect(wanted.filter((text) => !everything.includes(text.replace(/\s+/g, ' ')))).toEqual([])
    const forbidden = (entry.must_not_contain ?? []).filter((text) => !wanted.some((each) => each.includes(text)))
    expect(forbidden.filter((text) => everything.includes(text))).toEqual([])
    if (entry.metadata?.creator) expect(document?.metadata.author).toBe(entry.metadata.creator)
  })
})

const attachmentsOf = (document: ParsedDocument): string[] =>
  document.embedded.flatMap(({ name, document: child }) => [name, ...(child ? attachmentsOf(child as ParsedDocument) : [])])

describe.skipIf(missing('emails_mime_parsing'))('mails (skipped without ../shared/data)', () => {
  it.each(entriesOf('emails_mime_parsing'))(
    '$file is read as a mail',
    { timeout: PER_FILE_MS },
    async ({ file, reference_parse: reference }) => {
      const { document, reason } = await parse('emails_mime_parsing', file)
      if (file.endsWith('.msg')) return expect(reason).toBe('unsupported_type')
      expect(misplaced(document!)).toEqual([])
      if (reference === undefined || reference.defects.includes('MissingHeaderBodySeparatorDefect')) return
      expect(document?.metadata.subject ?? null).toBe(reference.subject?.replace(/\s+/g, ' ').trim() ?? null)
      expect(document?.metadata.messageId ?? null).toBe(reference.message_id)
      const address = /[\w.+-]+@[\w.-]+/.exec(reference.from_ ?? '')?.[0]
      if (address) expect(document?.metadata.from).toContain(address)
      const names = reference.parts.flatMap(({ filename }) => filename ?? [])
      expect(attachmentsOf(document!)).toEqual(expect.arrayContaining(names))
    },
  )
})
