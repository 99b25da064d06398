import { CLASSIFIER_LIMITS } from '../../workers/domain/classifiers'
import { accuracy, judge, share } from '../classification.ts'
import type { Evaluation } from '../evaluation.ts'

export const evaluation: Evaluation = {
  set: 'emails_spamassassin',
  skill: 'classify',
  method:
    'Whole mails in raw form, spam or ham, a tenth of them newsletters that look like spam. The trainable classifier learns from dev: words of the decoded text, headers, build and links; no encoder. On dev itself: cross-validation with copies of one mail held out together; dealt by chance, as the reference was, it is 0.972.',
  references: { accuracy: { aim: 0.97, published: 'linear SVM 0.935' } },
  async run(context) {
    const judged = await judge(context, ({ raw = '', label = '' }) => ({ text: raw.slice(0, CLASSIFIER_LIMITS.textCharacters), label }), {
      withEncoder: true,
    })
    const ham = judged.filter(({ example }) => example.label === 'ham')
    return [accuracy(judged), { metric: 'ham taken for spam', value: share(ham, ({ named }) => named === 'spam'), n: ham.length }]
  },
}
