import { defineSkill } from '../skill'
import { detectLanguage } from './embedded'
import { LanguageInput, LanguageOutput } from './schema'

/** Tells the language of a text. */
export const language = defineSkill({
  name: 'language',
  summary: 'Tells in which of eight European languages a text is written.',
  input: LanguageInput,
  output: LanguageOutput,
  example: { text: 'Wir bedanken uns für die gute Zusammenarbeit und stellen Ihnen folgende Leistungen in Rechnung.' },
  run: async ({ text }) => ({ ...detectLanguage(text), provider: 'embedded', degraded: false }),
})
