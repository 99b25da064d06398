import { askOrElse } from '../ask'
import { defineSkill } from '../skill'
import { rewriteEmbedded } from './embedded'
import { rewriteAnswer, rewriteQuestion } from './prompt'
import { RewriteInput, RewriteOutput } from './schema'

/** Says the same shorter, more formally or more plainly, and what that did to the figures. */
export const rewrite = defineSkill({
  name: 'rewrite',
  summary:
    'Says the same shorter, more formally or in plain words, and tells what it changed, what it left, and whether figures were lost.',
  input: RewriteInput,
  output: RewriteOutput,
  example: { text: 'Due to the fact that the delivery is late, we are able to give you a discount of 10 %.', style: 'shorter' },
  run: (input, context) =>
    askOrElse(
      context,
      () => rewriteQuestion(input),
      (answer) => rewriteAnswer(input, answer),
      () => rewriteEmbedded(input),
    ),
})
