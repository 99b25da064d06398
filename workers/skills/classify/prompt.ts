import * as z from 'zod'
import { NONE_OF_THESE } from '../../domain/classifiers'
import { fullText, type ParsedDocument } from '../../domain/documents'
import { fenceUntrusted, type Origin } from '../../domain/guardrails'
import { documentOf, type Question } from '../ask'
import { locate, spanOf } from '../text/lines'
import { type ClassifyInput, type ClassifyOutput, type CustomLabel, DOCUMENT_CLASSES } from './schema'

const Answer = z.object({ class: z.string(), confidence: z.number().min(0).max(1), evidence: z.array(z.string()).max(8) })
type Answer = z.infer<typeof Answer>

/** What is said when no class fits. */
const noneOf = (labels?: CustomLabel[]): string => (labels ? NONE_OF_THESE : 'other')
const namesOf = (labels?: CustomLabel[]): string[] => [
  ...new Set([...(labels?.map((label) => label.name) ?? DOCUMENT_CLASSES), noneOf(labels)]),
]

/** Examples of a label that a prompt shows, and how much of each: more is no clearer and costs tokens. */
const SHOWN_EXAMPLES = 5
const SHOWN_CHARACTERS = 300

function describe({ name, description, keywords, examples }: CustomLabel): string[] {
  // Examples are mostly real mails: data like the document itself.
  const origin: Origin = { kind: 'document', id: `example of ${name}` }
  const shown = examples.slice(0, SHOWN_EXAMPLES).map((example) => fenceUntrusted(example.slice(0, SHOWN_CHARACTERS), origin))
  const parts = [
    ...(description ? [description] : []),
    ...(keywords.length > 0 ? [`Keywords: ${keywords.join(', ')}.`] : []),
    ...(shown.length > 0 ? [`Examples:\n${shown.join('\n')}`] : []),
  ]
  return parts.length > 0 ? [`${name}: ${parts.join(' ')}`] : []
}

/** Asks for the class and for the words of the document that decide it. */
export function classifyQuestion({ document, documentId, labels }: ClassifyInput): Question<Answer> {
  const described = labels?.flatMap(describe) ?? []
  return {
    name: 'classification',
    purpose: 'classify',
    ...documentOf(documentId, document),
    task: [
      'Classify the document as exactly one of: {{ classes }}. Use "{{ none }}" when none fits.',
      '{{ described }}',
      'Give your confidence from 0 to 1, and as evidence up to 8 short quotes, verbatim from the document.',
    ].join('\n'),
    variables: { classes: namesOf(labels).join(', '), none: noneOf(labels), described: described.join('\n') },
    document: fullText(document),
    answer: Answer.refine((answer) => namesOf(labels).includes(answer.class), {
      path: ['class'],
      message: `use one of ${namesOf(labels).join(', ')}`,
    }),
  }
}

/** Keeps the quotes that stand in the document. */
export function classifyAnswer(document: ParsedDocument, answer: Answer): ClassifyOutput {
  const evidence = answer.evidence.flatMap((term) => {
    const place = locate(document.pages, term)
    return place ? [{ term, weight: 1, span: spanOf(document.pages, place) }] : []
  })
  return { class: answer.class, confidence: answer.confidence, evidence, alternatives: [] }
}
