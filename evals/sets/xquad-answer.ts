import { setTimeout } from 'node:timers/promises'
import { askCollection, passageOf } from '../../workers/skills/answer/ask-collection'
import { answerEmbedded } from '../../workers/skills/answer/embedded'
import type { AnswerOutput } from '../../workers/skills/answer/schema'
import { ANSWER_WEIGHTS, type AnswerWeights } from '../../workers/skills/answer/weights'
import { learnAnswer } from '../answer-learning.ts'
import type { Evaluation, EvaluationContext, Figure } from '../evaluation.ts'
import {
  articleOf,
  COLLECTION,
  isExact,
  learningCases,
  openKnowledge,
  readCorpus,
  readQuestions,
  remembering,
  wordF1,
  type XquadQuestion,
} from '../xquad.ts'

const FOLDS = 4
const ABSTENTION = 'abstention (article absent)'

/** Whether answers are right, cited rightly, and refused when the sources do not say. */
export const evaluation: Evaluation = {
  set: 'rag_xquad',
  skill: 'answer',
  method:
    'English questions, asked of the collection of all 48 articles, and again after their article was removed. An answer is right when its cited sentence holds a gold answer; ' +
    'F1 and exact match are those of the short answer (of the sentence where there is none), 0 for an abstention. Learned on dev; on dev itself cross-validated by article in 4 folds.',
  references: {
    [ABSTENTION]: { aim: 0.85, published: 'always answering is 0' },
    'answered (article present)': { published: 'always answering is 1' },
    f1: {
      published:
        'neural readers that get the right paragraph: mBERT 0.835, XLM-R-L 0.865; logistic regression on SQuAD 0.51 (Rajpurkar et al. 2016)',
    },
    'exact match': {
      published: 'neural readers that get the right paragraph: mBERT 0.722, XLM-R-L 0.757; logistic regression on SQuAD 0.40',
    },
  },
  run: measure,
}

async function measure(context: EvaluationContext): Promise<Figure[]> {
  const platform = await context.platform()
  const encoder = remembering(platform.encoder)
  const knowledge = openKnowledge(platform, encoder, 'eval-answer')
  const paragraphs = readCorpus(context.folder)
  const questions = readQuestions(context.test, 'en')
  for (const article of new Set(paragraphs.map((paragraph) => paragraph.article)))
    await knowledge.index(COLLECTION, articleOf(article, paragraphs))
  const weightsFor = await weightsOf(context, async () => await learningCases(knowledge, encoder, paragraphs, questions))
  const ask = async ({ question, article }: XquadQuestion): Promise<AnswerOutput> => {
    if (!context.sameAsTrain) {
      const chat = context.chatModel && { chatModel: context.chatModel }
      return await askCollection(
        { knowledge, clock: { now: () => new Date() } },
        { collection: COLLECTION, question },
        { encoder, ...chat },
      )
    }
    const { hits } = await knowledge.search(COLLECTION, { text: question, limit: 10 })
    return await answerEmbedded({ question, passages: hits.map(passageOf) }, encoder, undefined, weightsFor(article))
  }
  const present: Asked[] = []
  const absent: AnswerOutput[] = []
  for (const [article, own] of Map.groupBy(questions, (question) => question.article)) {
    for (const question of own) present.push({ question, said: await ask(question) })
    await knowledge.remove(COLLECTION, articleOf(article, paragraphs).documentId)
    for (const question of own) absent.push(await ask(question))
    await knowledge.index(COLLECTION, articleOf(article, paragraphs))
    context.say(`rag_xquad/answer: ${present.length} of ${questions.length} questions`)
  }
  return figuresOf(present, absent)
}

/** The weights to answer questions of an article with: those of the product, or learned without the article's fold. */
async function weightsOf(
  { sameAsTrain, chatModel }: EvaluationContext,
  learn: () => ReturnType<typeof learningCases>,
): Promise<(article: number) => AnswerWeights> {
  if (!sameAsTrain || chatModel) return () => ANSWER_WEIGHTS
  const { cases, spans } = await learn()
  const articles = [...new Set(cases.map(({ group }) => group))].sort((a, b) => a - b)
  const foldOf = new Map(articles.map((article, index) => [article, index % FOLDS]))
  const learned: AnswerWeights[] = []
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const others = <T extends { group: number }>(all: T[]) => all.filter(({ group }) => foldOf.get(group) !== fold)
    learned.push(learnAnswer(others(cases), others(spans), wordF1))
    // Learning keeps the thread busy: connections that were closed meanwhile must be noticed before the next call.
    await setTimeout(100)
  }
  return (article) => learned[foldOf.get(article) ?? 0] ?? ANSWER_WEIGHTS
}

interface Asked {
  question: XquadQuestion
  said: AnswerOutput
}

function figuresOf(present: readonly Asked[], absent: readonly AnswerOutput[]): Figure[] {
  const answered = present.filter(({ said }) => !said.abstained)
  const citations = answered.flatMap(({ question, said }) => citedPassages(said).map((passage) => passage === question.gold_doc))
  const best = ({ question, said }: Asked, compare: (text: string, gold: string) => number) =>
    said.abstained ? 0 : Math.max(...question.answers.map((gold) => compare(said.short?.text ?? said.answer, gold)))
  const values: Record<string, (number | boolean)[]> = {
    [ABSTENTION]: absent.map(({ abstained }) => abstained),
    'answered (article present)': present.map(({ said }) => !said.abstained),
    'right (of the answered)': answered.map(isRight),
    'right (of all)': present.map(isRight),
    f1: present.map((asked) => best(asked, wordF1)),
    'exact match': present.map((asked) => best(asked, (said, gold) => Number(isExact(said, gold)))),
    'citation precision': citations,
    'citation recall': present.map(({ question, said }) => citedPassages(said).includes(question.gold_doc)),
  }
  return Object.entries(values).map(([metric, all]) => ({
    metric,
    value: all.reduce<number>((sum, value) => sum + Number(value), 0) / Math.max(1, all.length),
    n: all.length,
  }))
}

const citedPassages = ({ sentences }: AnswerOutput): string[] =>
  sentences.flatMap(({ citations }) => citations.map(({ passageId }) => passageId))

/** A cited place holds a gold answer. */
const isRight = ({ question, said }: Asked): boolean =>
  said.sentences.some(({ citations }) => citations.some(({ span }) => question.answers.some((answer) => span.quote.includes(answer))))
