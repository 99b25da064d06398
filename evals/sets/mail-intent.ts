import { accuracy, judge, macroF1 } from '../classification.ts'
import type { Evaluation } from '../evaluation.ts'

export const evaluation: Evaluation = {
  set: 'email_intent_parakweet',
  skill: 'classify',
  method:
    'Sentences of mails: does it ask for or promise an action, yes or no; the labels are noisy. The trainable classifier learns from dev with the embedded encoder. On dev itself: cross-validation.',
  references: { accuracy: { aim: 0.83, published: 'linear SVM 0.789' } },
  async run(context) {
    const judged = await judge(context, ({ text = '', label = '' }) => ({ text, label }), { withEncoder: true })
    return [accuracy(judged), macroF1(judged)]
  },
}
