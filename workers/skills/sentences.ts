import type { Page } from '../domain/documents'
import type { Range } from './text/lines'

/** A sentence and its exact place. */
export interface Sentence extends Range {
  text: string
}

/** Abbreviations that end in a full stop inside a sentence, in the languages that are read. */
const ABBREVIATIONS = new Set(
  (
    'mr mrs ms dr prof st jr sr inc ltd co corp llc no nos vs etc fig figs eq sec art approx dept est e.g i.e eg ie cf al p pp vol ed rev u.s u.k a.m p.m jan feb mar apr jun jul aug sep sept oct nov dec ' +
    'z.b z.t d.h u.a o.ä bzw usw ca nr abs str tel fax hr fr hrn mio mrd ggf evtl inkl exkl zzgl bspw vgl sog gem lt ff geb i.d.r i.a z.hd z.zt ust mwst steuer-nr kto blz stk pos ' +
    'm mme mlle p.ex env av bd réf n° art ex c.-à-d sté tél ' +
    'sra srta ud uds p.ej pág núm avda c ee.uu ' +
    'sig sig.ra dott ing avv p.es pag n v ' +
    'dhr mevr bijv nl d.w.z o.a m.b.t t.a.v blz evt incl excl ' +
    'sr sra dra exmo av ex ul tzn np itp itd'
  ).split(' '),
)

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' })

/** Whether a piece stops in the middle of a sentence: after an abbreviation, an initial or a day number. */
function goesOn(piece: string, next: string): boolean {
  const trimmed = piece.trimEnd()
  if (/\n\s*$/.test(piece) && !/[\p{Ll},]$/u.test(trimmed)) return false
  if (/^[\p{Ll}\d(,;]/u.test(next) && !/[!?…]["”»)]?$/.test(trimmed)) return true
  const last = /(?<word>[^\s.(]+(?:\.[^\s.]+)*)\.$/u.exec(trimmed)?.groups?.word?.toLowerCase()
  if (last === undefined) return false
  return ABBREVIATIONS.has(last) || /^\p{L}$/u.test(last) || /^(?:\d{1,2}|[ivx]{1,4})$/.test(last)
}

/** Sentences of a text as ranges `[start, end)`, without the white space around them. A blank line always ends one. */
export function splitSentences(text: string): { start: number; end: number; text: string }[] {
  const sentences: { start: number; end: number; text: string }[] = []
  const add = (start: number, end: number) => {
    const raw = text.slice(start, end)
    const trimmed = raw.trim()
    const from = start + raw.length - raw.trimStart().length
    if (trimmed !== '') sentences.push({ start: from, end: from + trimmed.length, text: trimmed })
  }
  for (const paragraph of text.matchAll(/(?:(?!\n[ \t]*\n)[\s\S])+/g)) {
    const base = paragraph.index
    // A line break inside a paragraph is layout: the segmenter must not see a boundary there.
    const flat = paragraph[0].replace(/[\n\r\f]/g, ' ')
    let start = 0
    const pieces = [...segmenter.segment(flat)]
    pieces.forEach(({ index, segment }, position) => {
      const next = pieces[position + 1]
      if (next && goesOn(segment, next.segment)) return
      add(base + start, base + index + segment.length)
      start = index + segment.length
    })
  }
  return sentences
}

/** All sentences of the pages with their places. */
export const sentencesOf = (pages: Page[]): Sentence[] =>
  pages.flatMap((page) => splitSentences(page.text).map((sentence) => ({ page: page.number, ...sentence })))
