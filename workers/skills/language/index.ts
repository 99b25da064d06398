import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { identifyLanguage } from './identify'
import { languageAnswer, languageQuestion } from './prompt'
import { LanguageInput, LanguageOutput } from './schema'

/** From here on asking a model would only cost money. */
const SURE = 0.5

/** Tells the language of a text. */
export const language = defineSkill({
  name: 'language',
  summary: 'Tells in which of 38 languages a text is written.',
  input: LanguageInput,
  output: LanguageOutput,
  example: { text: 'Wir bedanken uns für die gute Zusammenarbeit und stellen Ihnen folgende Leistungen in Rechnung.' },
  async run(input, context) {
    const identified = identifyLanguage(input.text)
    return await askOrElse(
      identified.confidence >= SURE ? { ...context, chatModel: undefined } : context,
      () => languageQuestion(input),
      languageAnswer,
      () => identified,
    )
  },
})
