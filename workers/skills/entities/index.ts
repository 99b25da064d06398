import { textDocument } from '../../domain/documents'
import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { findEntities } from './embedded'
import { entitiesAnswer, entitiesQuestion } from './prompt'
import { EntitiesInput, EntitiesOutput } from './schema'

/** Finds names and figures with their places. */
export const entities = defineSkill({
  name: 'entities',
  summary: 'Finds people, organisations, places, money, dates, addresses and checked account numbers with their places.',
  input: EntitiesInput,
  output: EntitiesOutput,
  example: {
    document: textDocument('Ada Lovelace of Acme Ltd met us in London on 5 March 2024. Write to ada@acme.example.'),
  },
  async run(input, context) {
    const embedded = await findEntities(input)
    return await askOrElse(
      context,
      () => entitiesQuestion(input),
      (answer) => entitiesAnswer(input, answer, embedded),
      () => embedded,
    )
  },
})
