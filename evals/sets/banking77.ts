import { accuracy, judge, macroF1 } from '../classification.ts'
import type { Evaluation } from '../evaluation.ts'

export const evaluation: Evaluation = {
  set: 'cls_banking77',
  skill: 'classify',
  method:
    'Questions to a bank, 77 intents. The trainable classifier learns from dev with the embedded encoder; a question counts as right when it gets its intent, and `none of these` counts as wrong. On dev itself: cross-validation.',
  references: {
    accuracy: { aim: 0.925, published: 'linear SVM 0.894; BERT, fine-tuned 0.937; USE + ConveRT 0.934 (Casanueva et al. 2020)' },
  },
  async run(context) {
    const judged = await judge(context, ({ text = '', label = '' }) => ({ text, label }), { withEncoder: true })
    return [accuracy(judged), macroF1(judged)]
  },
}
