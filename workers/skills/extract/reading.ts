import { fullText, type ParsedDocument } from '../../domain/documents'
import { detectLanguage } from '../language/embedded'
import { type DateOrder, dateOrder } from '../text/dates'
import { type Line, readLines, spanOf } from '../text/lines'
import type { PartyCandidate } from './issuer'
import type { Candidate } from './labelled'
import type { Field } from './schema'

/** A document laid out for reading: its lines, its language and how it writes dates. */
export interface Reading {
  document: ParsedDocument
  documentId: string | undefined
  text: string
  lines: Line[]
  language: string
  order: DateOrder
}

/** Lays a document out once for all fields. */
export function layOut(document: ParsedDocument, documentId?: string): Reading {
  const text = fullText(document)
  const detected = detectLanguage(text).language
  const language = detected === 'und' ? (document.language ?? 'und') : detected
  return {
    document,
    documentId,
    text,
    lines: readLines(document.pages),
    language,
    order: dateOrder(text, language === 'und' ? undefined : language),
  }
}

const round = (value: number): number => Math.round(Math.max(0.05, Math.min(0.99, value)) * 100) / 100

/** The field that a candidate stands for. */
export function fieldOf(
  reading: Reading,
  name: string,
  candidate: Candidate,
  source: Field['source'] = 'label',
  confidence = candidate.score * 0.97,
): Field {
  const span = spanOf(reading.document.pages, candidate, reading.documentId)
  return {
    name,
    value: span.quote,
    normalized: candidate.normalized,
    ...(candidate.currency && { currency: candidate.currency }),
    confidence: round(confidence),
    span,
    source,
  }
}

/** The field of a name that was found by its place. */
export function nameField(reading: Reading, name: string, party: PartyCandidate, confidence: number): Field {
  const span = spanOf(reading.document.pages, party, reading.documentId)
  return { name, value: span.quote, normalized: party.name.replace(/\s+/g, ' '), confidence: round(confidence), span, source: 'layout' }
}
