import * as z from 'zod'
import { Span } from './documents'

/**
 * How a sentence stands to its source. `verified`: the source it names bears it out, figures included. `repaired`: another
 * place does, and the citation now names that. `unverified`: none does.
 */
export const CitationStatus = z.enum(['verified', 'repaired', 'unverified'])
export type CitationStatus = z.infer<typeof CitationStatus>

/** A passage that an answer may rest on: exactly the text at its span. */
export const Passage = z.object({
  id: z.string(),
  /** Empty: of a text that is stored nowhere. */
  documentId: z.string(),
  /** Name of the document. */
  name: z.string(),
  text: z.string(),
  /** Headings above it; never part of a quote. */
  context: z.string().default(''),
  span: Span,
})
export type Passage = z.infer<typeof Passage>

/** A place in a source that bears out a sentence. */
export const SourceCitation = z.object({
  passageId: z.string(),
  /** What the reader sees: `invoice-42.pdf, page 1`. */
  label: z.string(),
  /** Exact place; `quote` is the text there, verbatim. */
  span: Span,
})
export type SourceCitation = z.infer<typeof SourceCitation>

/** One sentence with the places that bear it out. */
export const CitedSentence = z.object({
  text: z.string(),
  citations: z.array(SourceCitation),
  status: CitationStatus,
  /** How far the cited text bears it out, 0 to 1. */
  support: z.number().min(0).max(1),
  /** What the sources do not bear out, in words for people; empty when nothing is missing. */
  problems: z.array(z.string()),
})
export type CitedSentence = z.infer<typeof CitedSentence>

/** What becomes of a sentence that no source bears out: left out, or shown with its status. */
export const UnverifiedPolicy = z.enum(['drop', 'mark'])
export type UnverifiedPolicy = z.infer<typeof UnverifiedPolicy>

/** Two places that state different things about the same. */
export const Contradiction = z.object({
  /** What they disagree on, in words for people. */
  about: z.string(),
  sides: z.array(z.object({ value: z.string(), citation: SourceCitation })).min(2),
})
export type Contradiction = z.infer<typeof Contradiction>

/** Something that the question takes for granted and the source states otherwise. */
export const FalsePremise = z.object({
  /** As the question has it. */
  asked: z.string(),
  /** As the source has it. */
  found: z.string(),
  citation: SourceCitation,
})
export type FalsePremise = z.infer<typeof FalsePremise>

/**
 * Why there is no answer. `no_sources`: nothing was found to read. `not_stated`: what was found does not say.
 * `unverified`: a model answered, but nothing it said is borne out.
 */
export const Abstention = z.enum(['no_sources', 'not_stated', 'unverified'])
export type Abstention = z.infer<typeof Abstention>

/** One stage of answering a question: the stages of the search, then the reading of what it found. */
export const AnswerStage = z.object({
  name: z.string(),
  /** `failed`: it was gone on without; `reason` says why. */
  status: z.enum(['done', 'skipped', 'failed']),
  ms: z.number(),
  /** Passages that it gave on. */
  candidates: z.int().optional(),
  reason: z.string().optional(),
})
export type AnswerStage = z.infer<typeof AnswerStage>

/** How a question was answered: what each stage took, what was read with which scores, and what was done without. */
export const AnswerTrace = z.object({
  stages: z.array(AnswerStage),
  ms: z.number(),
  passages: z.array(
    z.object({
      passageId: z.string(),
      documentId: z.string(),
      name: z.string(),
      /** Of the last stage that ordered the passages; only its order means anything. */
      score: z.number(),
      scores: z.record(z.string(), z.number()),
    }),
  ),
  /** Present when a stage failed and the answer came from the others: why, in sentences. */
  degraded: z.string().optional(),
})
export type AnswerTrace = z.infer<typeof AnswerTrace>
