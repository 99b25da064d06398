import { textDocument } from '../../domain/documents'
import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { tagEmbedded } from './embedded'
import { tagsAnswer, tagsQuestion } from './prompt'
import { TagsInput, TagsOutput } from './schema'

/** Finds the key phrases of a document. */
export const tags = defineSkill({
  name: 'tags',
  summary: 'Finds the key phrases of a document.',
  input: TagsInput,
  output: TagsOutput,
  example: {
    document: textDocument('Solar panels on warehouse roofs pay back in seven years. Warehouse roofs need no extra land.'),
  },
  run: (input, context) =>
    askOrElse(
      context,
      () => tagsQuestion(input),
      (answer) => tagsAnswer(input, answer),
      () => tagEmbedded(input),
    ),
})
