import { textDocument } from '../../domain/documents'
import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { findRelations } from './embedded'
import { relationsAnswer, relationsQuestion } from './prompt'
import { RelationsInput, RelationsOutput } from './schema'

/** Finds who works for whom, and what lies and lives where. */
export const relations = defineSkill({
  name: 'relations',
  summary: 'Finds typed relations among people, organisations and places, with the sentence that states each.',
  input: RelationsInput,
  output: RelationsOutput,
  example: {
    document: textDocument('Mary Jones, chief executive of Acme Ltd, lives in London.'),
  },
  run: (input, context) =>
    askOrElse(
      context,
      () => relationsQuestion(input),
      (answer) => relationsAnswer(input, answer),
      () => findRelations(input),
    ),
})
