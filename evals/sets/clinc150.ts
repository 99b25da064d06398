import { accuracy, judge, share } from '../classification.ts'
import type { Evaluation } from '../evaluation.ts'

const OUT_OF_SCOPE = 'oos'

export const evaluation: Evaluation = {
  set: 'cls_clinc150',
  skill: 'classify',
  method:
    'Requests to an assistant, 150 intents in ten domains, and requests of no intent. The trainable classifier learns from dev, out-of-scope examples included, with the embedded encoder. A request in scope that is called `none of these` counts as wrong. On dev itself: cross-validation.',
  references: {
    'in-scope accuracy': { aim: 0.94, published: 'BERT 0.969, MLP on USE 0.935, SVM 0.910 (Larson et al. 2019)' },
    'out-of-scope recall': { aim: 0.6, published: 'BERT 0.403 (0.523 by threshold), MLP on USE 0.474, SVM 0.145' },
  },
  async run(context) {
    const judged = await judge(context, ({ text = '', label = '' }) => ({ text, label: label === OUT_OF_SCOPE ? null : label }), {
      withEncoder: true,
    })
    const outside = judged.filter(({ example }) => example.label === null)
    const refused = judged.filter(({ named }) => named === null)
    return [
      accuracy(judged, 'in-scope accuracy'),
      { metric: 'out-of-scope recall', value: share(outside, ({ named }) => named === null), n: outside.length },
      { metric: 'out-of-scope precision', value: share(refused, ({ example }) => example.label === null), n: refused.length },
    ]
  },
}
