import { PDFDocument, StandardFonts } from 'pdf-lib'
import { type Client, createClient } from '../../scripts/client.ts'
import type { BenchContext, Figure } from '../bench.ts'
import { openSession } from '../session.ts'
import { makePassage } from './corpus.ts'

const PAGES = 200
const LINES = 45
const WORDS_PER_LINE = 11
const PATIENCE_MS = 240_000
const POLL_MS = 200

const WORKFLOW = `name: index-only
input:
  type: object
  required: [documentId]
  properties: { documentId: { type: string } }
steps:
  - id: read
    agent: ingestion
    operation: parse
    input: { documentId: "\${{ input.documentId }}" }
  - id: index
    agent: analysis
    operation: index
    input: { documentId: "\${{ input.documentId }}", collection: bench }
    timeout: 4m
`

/** A report of 200 pages of text, from the upload to the end of the run that parses, cuts, encodes and indexes it. */
export async function indexingFigures({ option, say }: BenchContext): Promise<Figure[]> {
  const pages = option('pages', PAGES)
  const session = await openSession(say)
  try {
    const client = createClient(session.url, session.apiKey)
    await client.put('/api/v1/workflows/index-only', WORKFLOW, 'application/yaml')
    await index(client, await makeReport(2))
    const pdf = await makeReport(pages)
    say(`PDF of ${pages} pages, ${(pdf.length / 1e6).toFixed(2)} MB`)
    const seconds = await index(client, pdf)
    return [{ figure: `PDF of ${pages} pages, upload to searchable`, value: seconds, unit: 's', n: 1 }]
  } finally {
    await session.end()
  }
}

async function makeReport(pages: number): Promise<Uint8Array<ArrayBuffer>> {
  const pdf = await PDFDocument.create()
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  for (let number = 1; number <= pages; number += 1) {
    const page = pdf.addPage([595, 842])
    page.drawText(`Chapter ${number}`, { x: 50, y: 800, size: 16, font })
    const words = Array.from({ length: 5 }, (_, part) => makePassage(30_000_000 + number * 5 + part))
      .join(' ')
      .split(' ')
    for (let line = 0; line < LINES; line += 1)
      page.drawText(words.slice(line * WORDS_PER_LINE, (line + 1) * WORDS_PER_LINE).join(' '), {
        x: 50,
        y: 775 - line * 16,
        size: 11,
        font,
      })
  }
  return new Uint8Array(await pdf.save())
}

interface RunAnswer {
  status: string
  endedAt?: string
  error?: { message: string }
}

/** Seconds from the upload to the end of the run. */
async function index(client: Client, pdf: Uint8Array<ArrayBuffer>): Promise<number> {
  const startedAt = Date.now()
  const { run } = await client.upload<{ run: { id: string } }>('/api/v1/documents?workflow=index-only', 'report.pdf', pdf)
  while (Date.now() - startedAt < PATIENCE_MS) {
    const { status, endedAt, error } = await client.get<RunAnswer>(`/api/v1/runs/${run.id}`)
    if (status === 'completed' && endedAt !== undefined) return (Date.parse(endedAt) - startedAt) / 1_000
    if (status === 'failed') throw new Error(`the run failed: ${error?.message ?? ''}`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  throw new Error(`the run did not end within ${PATIENCE_MS / 1_000} s`)
}
