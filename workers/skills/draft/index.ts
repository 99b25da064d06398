import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { draftEmbedded } from './embedded'
import { draftAnswer, draftQuestion } from './prompt'
import { DraftInput, DraftOutput } from './schema'

/** Writes a mail, note or section from facts, and says which of them it states. */
export const draft = defineSkill({
  name: 'draft',
  summary: 'Writes a mail, note or section from given facts, and says which facts it states and which figures nobody gave it.',
  input: DraftInput,
  output: DraftOutput,
  example: {
    kind: 'mail',
    purpose: 'Remind the customer of an unpaid invoice.',
    facts: [
      { id: 'number', name: 'Invoice', value: '2024-17' },
      { id: 'total', name: 'Amount due', value: '119.00 EUR' },
    ],
    to: 'Ms Beispiel',
    from: 'Accounts',
  },
  run: (input, context) =>
    askOrElse(
      context,
      () => draftQuestion(input),
      (answer) => draftAnswer(input, answer),
      () => draftEmbedded(input),
    ),
})
