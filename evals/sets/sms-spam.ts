import { accuracy, judge, macroF1 } from '../classification.ts'
import type { Evaluation } from '../evaluation.ts'

export const evaluation: Evaluation = {
  set: 'cls_sms_spam',
  skill: 'classify',
  method:
    'Short messages, spam or ham. The trainable classifier learns from dev with the embedded encoder. On dev itself: cross-validation.',
  references: { accuracy: { aim: 0.988 } },
  async run(context) {
    const judged = await judge(context, ({ text = '', label = '' }) => ({ text, label }), { withEncoder: true })
    return [accuracy(judged), macroF1(judged)]
  },
}
