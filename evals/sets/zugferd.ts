import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { sameName } from '../../workers/skills/extract/names'
import type { ExtractOutput } from '../../workers/skills/extract/schema'
import type { Evaluation, EvaluationContext } from '../evaluation.ts'
import { extractFrom, fieldValue, jsonLines, parseOrEmpty, squeeze, Tally, tidy } from '../extraction.ts'
import { share } from '../metrics.ts'

interface Row {
  id: string
  file?: string
  gold?: Record<string, unknown>
  visible_fields?: string[]
}

const NAMES: Record<string, string> = {
  invoice_number: 'invoiceNumber',
  issue_date: 'date',
  seller_name: 'issuer',
  buyer_name: 'customer',
  currency: 'currency',
  net_total: 'totalNet',
  tax_total: 'totalTax',
  grand_total: 'totalGross',
  due_amount: 'amountDue',
}
/** What no label on a page names reliably is measured from the XML only. */
const XML_ONLY = new Set(['tax_total', 'line_items', 'due_amount'])

function isExact(output: ExtractOutput, key: string, wanted: unknown): boolean {
  if (key === 'line_items') return output.lineItems.length === Number(wanted)
  const value = fieldValue(output, NAMES[key] ?? key)
  if (/total|amount/.test(key)) return value === Number(wanted)
  return tidy(value) === tidy(wanted)
}

function isShown(output: ExtractOutput, key: string, wanted: unknown): boolean {
  const value = fieldValue(output, NAMES[key] ?? key)
  if (/total|amount/.test(key)) return value === Number(wanted)
  if (key.endsWith('name')) return sameName(String(value ?? ''), String(wanted))
  return squeeze(value) === squeeze(wanted)
}

/** An invalid file is read as far as it can be, or refused: anything else thrown is a fault, and one that is not there was not read. */
async function isEndured(path: string, context: EvaluationContext): Promise<boolean> {
  if (!existsSync(path)) {
    context.say(`${basename(path)} is named by the gold and not there: it counts as not read`)
    return false
  }
  try {
    await extractFrom({ document: await parseOrEmpty(path, context) }, context)
    return true
  } catch (thrown) {
    context.say(`${basename(path)} failed: ${String(thrown)}`)
    return false
  }
}

export const evaluation: Evaluation = {
  set: 'einvoice_zugferd',
  skill: 'extract',
  method:
    'Files parsed by the ingestion agent, attachments included. XML: every field of the gold equal (text without regard to case and outer punctuation, amounts as numbers, the number of line items where the XML holds any); the skill is not told the class. Page: the same files with their attachments removed, only fields that the text layer shows; names after folding legal forms, identifiers in letters and digits. Invalid files, which have no gold, must be read or refused.',
  references: { 'xml field accuracy': { aim: 1 } },
  async run(context) {
    const [exact, shown] = [new Tally(), new Tally()]
    const endured: boolean[] = []
    const path = join(context.test, 'gold.jsonl')
    for (const { id, file, gold, visible_fields: visible = [] } of jsonLines<Row>(readFileSync(path, 'utf8'), path)) {
      if (gold === undefined || gold === null || Object.keys(gold).length === 0) {
        endured.push(await isEndured(join(context.test, file ?? id), context))
        continue
      }
      const document = await parseOrEmpty(join(context.test, file ?? id), context)
      const fromXml = await extractFrom({ document }, context)
      const fromPage = await extractFrom({ document: { ...document, embedded: [] }, class: 'invoice' }, context)
      for (const [key, wanted] of Object.entries(gold)) {
        if (wanted === null || (NAMES[key] === undefined && key !== 'line_items')) continue
        // Where the XML holds no lines the skill gives those of the page.
        if (key === 'line_items' && Number(wanted) === 0) continue
        exact.note(key, isExact(fromXml, key, wanted))
        if (visible.includes(key) && !XML_ONLY.has(key)) shown.note(key, isShown(fromPage, key, wanted))
      }
    }
    const invalid = { metric: 'invalid files read or refused', value: share(endured), n: endured.length }
    return [...exact.figures('xml field accuracy'), ...shown.figures('page field accuracy'), ...(endured.length > 0 ? [invalid] : [])]
  },
}
