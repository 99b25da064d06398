import { identifyLanguage } from '../../workers/skills/language/identify'
import type { Evaluation, Figure } from '../evaluation.ts'
import { readRows } from '../train/injection.ts'

const LANGUAGES = ['en', 'de', 'es']

export const evaluation: Evaluation = {
  set: 'rag_xquad',
  skill: 'language',
  method: 'Share of questions, one short sentence each, whose language is told right among 38. Nothing is learned from the set.',
  references: {},
  async run({ test }) {
    return LANGUAGES.flatMap((language): Figure[] => {
      const questions = readRows<{ question?: string; text?: string }>(test, `questions.${language}`).map(
        ({ question, text }) => question ?? text ?? '',
      )
      if (questions.length === 0) return []
      const right = questions.filter((question) => identifyLanguage(question).language === language).length
      return [{ metric: `accuracy (${language})`, value: right / questions.length, n: questions.length }]
    })
  },
}
