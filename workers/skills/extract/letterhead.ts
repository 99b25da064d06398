import type { Line, Range } from '../text/lines'
import { canBeName } from './issuer'
import { letterheadFeatures } from './letterhead-features'
import { LETTERHEAD_WEIGHTS } from './letterhead-weights'
import { isLegalForm } from './names'
import { logitOf, probabilityOf, type Weights } from './ranker'

/** What tells a line of the company's name and a line of its address from the others at the head of a receipt. */
export interface LetterheadWeights {
  company: Weights
  address: Weights
}

export interface Letterhead {
  company?: { range: Range; name: string; probability: number }
  address?: { range: Range; text: string; probability: number }
}

/** One very sure line must not pull doubtful neighbours in. */
const MAX_LOGIT = 4

/** The run of lines whose logits have the largest sum, above zero. */
function bestRun(logits: number[]): { from: number; to: number } | undefined {
  let best: { from: number; to: number; sum: number } | undefined
  let from = 0
  let sum = 0
  logits.forEach((raw, index) => {
    const value = Math.max(-MAX_LOGIT, Math.min(MAX_LOGIT, raw))
    if (sum <= 0) {
      from = index
      sum = 0
    }
    sum += value
    if (sum > (best?.sum ?? 0)) best = { from, to: index + 1, sum }
  })
  return best
}

/** A company number, in brackets or not, that follows the name. */
const REGISTRATION =
  /[\s,]*(?:\(?\s*(?:co\.?\s*(?:reg\.?)?\s*(?:no\.?)?|reg(?:istration)?\.?\s*(?:no\.?)?|roc|gst|company no\.?|no\.?)?\s*[:.]?\s*[A-Z]{0,3}\d{4,}\s?-?\s?[A-Z\d]{0,3}\s*\)?)\s*$/iu
/** Signs and numbers before a name that are not part of it. */
const LEAD = /^(?:\*+|#\s?\d+)\s*:?\s*/iu
/** Such a line goes on with the name that the line above began. */
const CONTINUES = /^(?:&|and\s)/iu

function companyOf(lines: Line[], features: string[][], weights: Weights): Letterhead['company'] {
  const logits = features.map((each, index) =>
    canBeName(lines[index]?.text.trim() ?? '') ? logitOf(each, weights) : Number.NEGATIVE_INFINITY,
  )
  const best = logits.indexOf(Math.max(...logits))
  const last = lines[best]
  if (last === undefined) return undefined
  const above = lines[best - 1]
  const goesOn = above !== undefined && above.page === last.page && (isLegalForm(last.text) || CONTINUES.test(last.text.trim()))
  const first = goesOn ? above : last
  const offset = first.text.length - first.text.trimStart().length + (LEAD.exec(first.text.trim())?.[0].length ?? 0)
  const text = (goesOn ? `${first.text.slice(offset)}\n${last.text}` : first.text.slice(offset)).trimEnd()
  const name = text.replace(REGISTRATION, '') || text
  const start = first.start + offset
  const end = goesOn ? last.end - (text.length - name.length) : start + name.length
  return { range: { page: last.page, start, end }, name: name.replace(/\s+/g, ' '), probability: probabilityOf(logits[best] ?? 0) }
}

/** Where a telephone number or a mail address begins behind an address on the same line. */
const CONTACT = /[\s,;|-]*(?<!\p{L})(?:tel|phone|ph|fax|hp|h\/p|e-?mail|www|hotline)\s?[.:/(].*$/iu

function addressOf(lines: Line[], features: string[][], weights: Weights): Letterhead['address'] {
  const logits = features.map((each) => logitOf(each, weights))
  const run = bestRun(logits)
  const part = run ? lines.slice(run.from, run.to) : []
  const [first, last] = [part[0], part.at(-1)]
  if (!run || !first || !last) return undefined
  const ending = last.text.trimEnd().replace(CONTACT, '')
  return {
    range: { page: first.page, start: first.start, end: last.start + ending.length },
    text: [...part.slice(0, -1).map((line) => line.text.replace(CONTACT, '')), ending]
      .map((text) => text.trim().replace(/\s+/g, ' '))
      .filter((text) => text !== '')
      .join(' ')
      .replace(/^address\s*:?\s*/iu, ''),
    probability: Math.min(...logits.slice(run.from, run.to).map(probabilityOf)),
  }
}

/**
 * The company and its address at the head of a receipt, by two logistic regressions over marks of lines (learned from receipts of
 * other companies than those that they were measured on). Nothing is given for a document without lines.
 */
export function readLetterhead(lines: Line[], weights: LetterheadWeights = LETTERHEAD_WEIGHTS): Letterhead {
  const head = lines.filter((line) => line.page === lines[0]?.page)
  const features = letterheadFeatures(head)
  return { company: companyOf(head, features, weights.company), address: addressOf(head, features, weights.address) }
}
