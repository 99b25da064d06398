import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ParsedDocument } from '../../workers/domain/documents'
import { extractEmbedded } from '../../workers/skills/extract/embedded'
import type { LetterheadWeights } from '../../workers/skills/extract/letterhead'
import { findDates } from '../../workers/skills/text/dates'
import type { Evaluation, EvaluationContext } from '../evaluation.ts'
import { extractFrom, fieldValue, folds, Overlap, parseFile, squeeze } from '../extraction.ts'
import { companyKey, fitLetterhead, type LabelledReceipt, readReceipts } from '../letterhead-training.ts'

const FOLDS = 5

/** Values as they are compared: dates as days, totals as numbers, names and addresses in letters and digits. */
const COMPARED: Record<string, { field: string; fold(value: unknown): string }> = {
  company: { field: 'issuer', fold: squeeze },
  date: { field: 'date', fold: (value) => findDates(String(value), 'dmy')[0]?.iso ?? squeeze(value) },
  address: { field: 'address', fold: squeeze },
  total: { field: 'totalGross', fold: (value) => String(Number(String(value).replace(/[^\d.]/g, ''))) },
}

type Read = (document: ParsedDocument) => ReturnType<typeof extractFrom>

async function compare(document: ParsedDocument, gold: Record<string, string>, overlap: Overlap, read: Read) {
  const output = await read(document)
  for (const [key, { field, fold }] of Object.entries(COMPARED)) {
    const wanted = gold[key] ? fold(gold[key]) : undefined
    const value = fieldValue(output, field)
    const isRight = value !== undefined && wanted !== undefined && fold(value) === wanted
    overlap.note(key, { shared: isRight ? 1 : 0, given: value === undefined ? 0 : 1, wanted: wanted === undefined ? 0 : 1 })
  }
}

/** The embedded way with other weights than those that ship. */
const readWith =
  (letterhead: LetterheadWeights): Read =>
  async (document) =>
    extractEmbedded({ document, class: 'receipt' }, { letterhead })

async function crossValidate(receipts: LabelledReceipt[], overlap: Overlap): Promise<void> {
  for (const { train, test } of folds(receipts, FOLDS, companyKey)) {
    const read = readWith(fitLetterhead(train))
    for (const { document, gold } of test) await compare(document, gold, overlap, read)
  }
}

async function measurePictures(receipts: LabelledReceipt[], context: EvaluationContext, read: Read): Promise<Overlap> {
  const overlap = new Overlap()
  const pictures = join(context.test, 'img')
  for (const name of existsSync(pictures) ? readdirSync(pictures) : []) {
    const receipt = receipts.find(({ id }) => name.startsWith(id))
    if (receipt) await compare(await parseFile(join(pictures, name), context), receipt.gold, overlap, read)
  }
  return overlap
}

export const evaluation: Evaluation = {
  set: 'receipts_sroie',
  skill: 'extract',
  method:
    "The set's OCR lines laid out by the ingestion agent as those of its own OCR, fields by the extract skill told that it reads a receipt. F1 over the pairs of field and value of all receipts. Equal means: the whole company name and the whole address the same in letters and digits (case, blanks and punctuation aside), the same day, the same number. Own OCR: the same on the photographs of the set, read by the platform's OCR. The letterhead's weights are learned from dev; on dev itself they are cross-validated in 5 folds that keep the receipts of a company together.",
  references: {
    f1: { aim: 0.8, published: 'LAMBERT 0.9817, LayoutLM 0.9524 (official test set, vendors seen in training)' },
  },
  async run(context) {
    const receipts = await readReceipts(context.test)
    const overlap = new Overlap()
    const skill: Read = (document) => extractFrom({ document, class: 'receipt' }, context)
    if (context.sameAsTrain && !context.chatModel) await crossValidate(receipts, overlap)
    else for (const { document, gold } of receipts) await compare(document, gold, overlap, skill)
    const pictures = await measurePictures(receipts, context, skill)
    return [...overlap.figures('f1'), ...pictures.figures('f1, own ocr').filter(({ n }) => n > 0)]
  },
}
