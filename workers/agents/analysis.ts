import { defineAgent } from './agent'
import { analyse } from './analysis/analyse'
import { answerQuestion } from './analysis/answer-question'
import { compareDocuments } from './analysis/compare-documents'
import { digest } from './analysis/digest'
import { injection, pii, relations, sentiment } from './analysis/guard-operations'
import { indexDocument } from './analysis/index-documents'
import { classify, entities, extract, summarise, tags } from './analysis/skill-operations'
import { tellLanguage } from './analysis/tell-language'
import { trainClassifierOperation } from './analysis/train-classifier'
import { draft, rewrite } from './analysis/writing-operations'

/** Reads what ingestion parsed and says what it is, what it states and what it is about. */
export const analysis = defineAgent({
  type: 'analysis',
  summary: 'Says what documents are, what they state and what they are about, with the places that prove it.',
  operations: {
    classify,
    train_classifier: trainClassifierOperation,
    extract,
    summarise,
    entities,
    tags,
    analyse,
    index: indexDocument,
    digest,
    answer: answerQuestion,
    compare: compareDocuments,
    relations,
    sentiment,
    language: tellLanguage,
    pii,
    injection,
    draft,
    rewrite,
  },
})
