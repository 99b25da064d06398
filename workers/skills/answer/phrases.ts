import type { Abstention, FalsePremise } from '../../domain/citations'
import { detectLanguage } from '../language/embedded'

interface Phrases extends Record<Abstention, string> {
  premise(asked: string, found: string): string
  contradiction(about: string, values: string[]): string
}

const PHRASES: Record<string, Phrases> = {
  en: {
    no_sources: 'No source was found for this question.',
    not_stated: 'The sources do not say.',
    unverified: 'No answer is borne out by the sources.',
    premise: (asked, found) => `The question says ${asked}; the source says ${found}.`,
    contradiction: (about, values) => `The sources disagree on ${about}: ${values.join(' / ')}.`,
  },
  de: {
    no_sources: 'Zu dieser Frage wurde keine Quelle gefunden.',
    not_stated: 'Die Quellen sagen dazu nichts.',
    unverified: 'Keine Antwort ist durch die Quellen belegt.',
    premise: (asked, found) => `In der Frage steht ${asked}, in der Quelle ${found}.`,
    contradiction: (about, values) => `Die Quellen widersprechen sich zu ${about}: ${values.join(' / ')}.`,
  },
  fr: {
    no_sources: 'Aucune source n’a été trouvée pour cette question.',
    not_stated: 'Les sources ne le disent pas.',
    unverified: 'Aucune réponse n’est confirmée par les sources.',
    premise: (asked, found) => `La question dit ${asked} ; la source dit ${found}.`,
    contradiction: (about, values) => `Les sources se contredisent sur ${about} : ${values.join(' / ')}.`,
  },
  es: {
    no_sources: 'No se encontró ninguna fuente para esta pregunta.',
    not_stated: 'Las fuentes no lo dicen.',
    unverified: 'Ninguna respuesta está respaldada por las fuentes.',
    premise: (asked, found) => `La pregunta dice ${asked}; la fuente dice ${found}.`,
    contradiction: (about, values) => `Las fuentes se contradicen sobre ${about}: ${values.join(' / ')}.`,
  },
}

function phrasesFor(question: string): Phrases {
  const phrases = PHRASES[detectLanguage(question).language] ?? PHRASES.en
  if (!phrases) throw new Error('There are always English phrases.')
  return phrases
}

/** Why there is no answer, in the question's language where it is one of English, German, French and Spanish. */
export const abstentionText = (question: string, reason: Abstention): string => phrasesFor(question)[reason]

/** That the question takes something for granted that the source states otherwise. */
export const premiseText = (question: string, { asked, found }: Pick<FalsePremise, 'asked' | 'found'>): string =>
  phrasesFor(question).premise(asked, found)

/** That sources disagree. */
export const contradictionText = (question: string, about: string, values: string[]): string =>
  phrasesFor(question).contradiction(about, values)
