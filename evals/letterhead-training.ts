import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDocument } from '../workers/agents/ingestion/parse'
import type { ParsedDocument } from '../workers/domain/documents'
import type { LetterheadWeights } from '../workers/skills/extract/letterhead'
import { letterheadFeatures } from '../workers/skills/extract/letterhead-features'
import { readLines } from '../workers/skills/text/lines'
import { jsonLines, squeeze } from './extraction.ts'
import { fitLogistic, type Sample } from './logistic.ts'
import { receiptImage, type Stretch, wordsOf } from './receipt-words.ts'

export interface LabelledReceipt {
  id: string
  gold: Record<string, string>
  document: ParsedDocument
}

/** The document that ingestion makes of a picture whose words the set's own OCR has read. */
const receiptDocument = (stretches: Stretch[]): Promise<ParsedDocument> =>
  parseDocument(receiptImage(stretches), 'receipt.png', {
    ocr: { recognise: async () => ({ words: wordsOf(stretches), confidence: 0.9 }) },
  })

/** The receipts of a part of the set, read by ingestion. */
export const readReceipts = (folder: string): Promise<LabelledReceipt[]> =>
  Promise.all(
    jsonLines<{ id: string; gold: Record<string, string>; ocr: Stretch[] }>(
      readFileSync(join(folder, 'receipts.jsonl'), 'utf8'),
      join(folder, 'receipts.jsonl'),
    ).map(async ({ id, gold, ocr }) => ({ id, gold, document: await receiptDocument(ocr) })),
  )

/** Receipts of one company must not stand on both sides of a split; the first letters of a name stay the same in its variants. */
export const companyKey = ({ gold }: LabelledReceipt): string => squeeze(gold.company).slice(0, 6)

/** Learns the letterhead's weights from receipts whose company and address are known. Lines are labelled by the gold text that they hold. */
export function fitLetterhead(receipts: LabelledReceipt[]): LetterheadWeights {
  const company: Sample[] = []
  const address: Sample[] = []
  for (const receipt of receipts) {
    const lines = readLines(receipt.document.pages).filter((line) => line.page === 1)
    const [name, place] = [squeeze(receipt.gold.company), squeeze(receipt.gold.address)]
    letterheadFeatures(lines).forEach((features, index) => {
      const text = squeeze(lines[index]?.text)
      company.push({
        features,
        isPositive: name !== '' && text.length > 2 && (text.startsWith(name) || (text.length > 5 && name.startsWith(text))),
      })
      address.push({ features, isPositive: place !== '' && isPartOf(text, place) })
    })
  }
  return { company: fitLogistic(company), address: fitLogistic(address) }
}

/** Whether a line's letters are part of the address, one or two misread ones allowed for. */
function isPartOf(line: string, address: string): boolean {
  if (line.length < 3) return false
  if (address.includes(line)) return true
  if (line.length < 8) return false
  const half = Math.floor(line.length / 2)
  return address.includes(line.slice(0, half)) || address.includes(line.slice(half))
}
