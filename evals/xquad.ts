import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createObjectKnowledge } from '../workers/adapters/object-knowledge'
import type { Passage } from '../workers/domain/citations'
import type { IndexedDocument, SearchHit } from '../workers/domain/knowledge'
import type { Encoder } from '../workers/domain/models'
import type { Knowledge } from '../workers/domain/ports'
import { passageOf } from '../workers/skills/answer/ask-collection'
import { settingOf, wordFeatures } from '../workers/skills/answer/evidence'
import { parseQuestion } from '../workers/skills/answer/question'
import type { AnswerCase, SpanCase } from './answer-learning.ts'
import { anObject, readJsonLines } from './json-lines.ts'
import type { Platform } from './platform.ts'

export interface Paragraph {
  id: string
  article: number
  text: string
}
export interface XquadQuestion {
  id: string
  article: number
  gold_doc: string
  question: string
  answers: string[]
}

const linesOf = <T>(file: string): T[] => readJsonLines(readFileSync(file, 'utf8'), file, anObject<T>)

export const readCorpus = (folder: string): Paragraph[] => linesOf(join(folder, 'corpus.en.jsonl'))

export function readQuestions(folder: string, language: string): XquadQuestion[] {
  const file = readdirSync(folder).find((name) => name.includes(`.${language}.`) && name.endsWith('.jsonl'))
  return file === undefined ? [] : linesOf(join(folder, file))
}

/** The same vectors, each made once: what the product keeps by content hash. */
export function remembering(encoder: Encoder): Encoder {
  const known = new Map<string, number[]>()
  return {
    dimensions: encoder.dimensions,
    model: encoder.model,
    async embed(texts) {
      const missing = [...new Set(texts.filter((text) => !known.has(text)))]
      const vectors = missing.length === 0 ? [] : await encoder.embed(missing)
      for (const [index, text] of missing.entries()) known.set(text, vectors[index] ?? [])
      return texts.map((text) => known.get(text) ?? [])
    },
  }
}

export const COLLECTION = 'xquad'

/** The product's search over an empty collection. */
export const openKnowledge = (platform: Platform, encoder: Encoder, tenantId: string): Knowledge =>
  createObjectKnowledge({ tenantId, namespace: platform.knowledge, encoder: async () => encoder })

/** An article as a document: a page for each paragraph, each paragraph a passage. */
export function articleOf(article: number, paragraphs: readonly Paragraph[]): IndexedDocument {
  const documentId = `article-${article}`
  const chunks = paragraphs
    .filter((paragraph) => paragraph.article === article)
    .map(({ id, text }, index) => ({
      id,
      text,
      context: '',
      span: { documentId, page: index + 1, start: 0, end: text.length, quote: text },
    }))
  return { documentId, name: documentId, metadata: {}, chunks }
}

/** Words compared as the SQuAD metric does: lower case, no articles, no punctuation. */
const plain = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !['a', 'an', 'the'].includes(word))

export const isExact = (said: string, gold: string): boolean => plain(said).join(' ') === plain(gold).join(' ')

/** Harmonic mean of precision and recall of the words, as SQuAD measures it. */
export function wordF1(said: string, gold: string): number {
  const [words, wanted] = [plain(said), plain(gold)]
  const left = [...wanted]
  const shared = words.filter((word) => {
    const index = left.indexOf(word)
    if (index >= 0) left.splice(index, 1)
    return index >= 0
  }).length
  return shared === 0 ? 0 : (2 * shared) / (words.length + wanted.length)
}

/** Passages that a question's answer is read from. */
const READ = 10
/** Other articles in a small collection. */
const FEW = 3

interface Learning {
  cases: AnswerCase[]
  spans: SpanCase[]
}

/**
 * Each question asked of the whole collection, of a small one, of both without its article, and of the whole without the paragraph
 * that answers. The collections are made of one deep search each, by leaving out what they do not hold.
 */
export async function learningCases(
  knowledge: Knowledge,
  encoder: Encoder,
  paragraphs: Paragraph[],
  questions: XquadQuestion[],
): Promise<Learning> {
  const articleBy = new Map(paragraphs.map(({ id, article }) => [id, article]))
  const articles = [...new Set(articleBy.values())]
  const learning: Learning = { cases: [], spans: [] }
  for (const [index, question] of questions.entries()) {
    const { hits } = await knowledge.search(COLLECTION, { text: question.question, limit: Math.min(200, paragraphs.length) })
    const few = new Set(Array.from({ length: FEW }, (_, at) => articles[(index * 7 + at * 13) % articles.length]))
    few.delete(question.article)
    const articleOfHit = (hit: SearchHit) => articleBy.get(hit.chunkId)
    const isOwn = (hit: SearchHit) => articleOfHit(hit) === question.article
    const collections: { isPresent: boolean; weight: number; holds: (hit: SearchHit) => boolean }[] = [
      { isPresent: true, weight: 1, holds: () => true },
      { isPresent: true, weight: 1, holds: (hit) => isOwn(hit) || few.has(articleOfHit(hit)) },
      { isPresent: false, weight: 1, holds: (hit) => !isOwn(hit) },
      { isPresent: false, weight: 1, holds: (hit) => few.has(articleOfHit(hit)) },
      // Neighbouring paragraphs often say it too: it counts half.
      { isPresent: false, weight: 0.5, holds: (hit) => hit.chunkId !== question.gold_doc },
    ]
    for (const { isPresent, weight, holds } of collections) {
      const passages = hits.filter(holds).slice(0, READ).map(passageOf)
      learning.cases.push({ group: question.article, isPresent, weight, options: await optionsOf(question, passages, encoder, isPresent) })
    }
    const sentence = rightSentence(question, hits.map(passageOf))
    if (sentence !== undefined)
      learning.spans.push({ group: question.article, question: question.question, sentence, answers: question.answers })
  }
  return learning
}

async function optionsOf(
  question: XquadQuestion,
  passages: Passage[],
  encoder: Encoder,
  isPresent: boolean,
): Promise<AnswerCase['options']> {
  const setting = settingOf(parseQuestion(question.question), passages)
  const [asked = [], ...vectors] = await encoder.embed([question.question, ...setting.evidence.map(({ text }) => text)])
  return setting.evidence.map((sentence, index) => {
    const holds = question.answers.some((answer) => sentence.text.includes(answer))
    const isRight = holds && isPresent && passages[sentence.source]?.id === question.gold_doc
    const alike = (vectors[index] ?? []).reduce((sum, value, at) => sum + value * (asked[at] ?? 0), 0)
    return { words: wordFeatures(setting, index), alike, isRight, isDoubtful: holds && !isRight }
  })
}

function rightSentence(question: XquadQuestion, passages: Passage[]): string | undefined {
  const gold = passages.filter(({ id }) => id === question.gold_doc)
  return settingOf(parseQuestion(question.question), gold).evidence.find(({ text }) =>
    question.answers.some((answer) => text.includes(answer)),
  )?.text
}
