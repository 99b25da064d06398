import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sameName } from '../../workers/skills/extract/names'
import type { ExtractOutput } from '../../workers/skills/extract/schema'
import type { Evaluation } from '../evaluation.ts'
import { extractFrom, fieldValue, jsonLines, parseOrEmpty, squeeze, Tally } from '../extraction.ts'

type Gold = Record<string, unknown>

/** How each field of the gold is compared; a field that the gold lacks is not counted. */
const FIELDS: Record<string, (output: ExtractOutput, gold: Gold) => boolean> = {
  issuer: (output, gold) => sameName(String(fieldValue(output, 'issuer') ?? ''), String(gold.issuer)),
  invoice_number: (output, gold) => squeeze(fieldValue(output, 'invoiceNumber')) === squeeze(gold.invoice_number),
  date: (output, gold) => fieldValue(output, 'date') === String(gold.date).slice(0, 10),
  amount: (output, gold) => Math.abs(Number(fieldValue(output, 'totalGross') ?? Number.NaN) - Number(gold.amount)) < 0.005,
  currency: (output, gold) => fieldValue(output, 'currency') === gold.currency,
}

export const evaluation: Evaluation = {
  set: 'invoice_pdf_invoice2data',
  skill: 'extract',
  method:
    'Files parsed by the ingestion agent, fields by the extract skill told that it reads an invoice. Right: issuer the same after folding case, accents, punctuation and legal form, or one name the beginning of the other (at least four letters); number equal in letters and digits; date the same day; amount within half a cent; currency the same ISO code. Fields that the gold lacks are not counted. Nothing is learned.',
  references: {
    'field accuracy': { aim: 0.85, published: 'invoice2data reproduces its own gold with one hand-written template per vendor' },
  },
  async run(context) {
    const [told, untold] = [new Tally(), new Tally()]
    const path = join(context.test, 'gold.jsonl')
    for (const { file, gold } of jsonLines<{ file: string; gold: Gold }>(readFileSync(path, 'utf8'), path)) {
      const document = await parseOrEmpty(join(context.test, file), context)
      for (const [tally, input] of [
        [told, { document, class: 'invoice' }],
        [untold, { document }],
      ] as const) {
        const output = await extractFrom(input, context)
        for (const [name, isRight] of Object.entries(FIELDS))
          if (gold[name] !== undefined && gold[name] !== null) tally.note(name, isRight(output, gold))
      }
    }
    return [...told.figures('field accuracy'), ...untold.figures('field accuracy, class not told').slice(0, 1)]
  },
}
