import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { entailmentOf } from '../../workers/skills/citations/entailment'
import { LEAST_SUPPORT } from '../../workers/skills/citations/verify'
import type { Evaluation, Figure } from '../evaluation.ts'
import { anObject, readJsonLines } from '../json-lines.ts'

interface Claim {
  label: 'supported' | 'partially_supported' | 'not_supported'
  claim: string
  evidence: string[]
}

/** How well the entailment score of citations tells supported claims from others. */
export const evaluation: Evaluation = {
  set: 'citation_wice',
  skill: 'citations',
  method:
    'Entailment score of each claim against all sentences of its cited article; AUROC of supported against not supported claims, and against those that are supported in part or not. ' +
    'Six weights were learned on dev, where the figure is therefore slightly high: cross-validated in five folds it is 0.927 and 0.796.',
  references: {
    'auroc (supported or not)': {
      published: 'WiCE, oracle chunks, 100 claims: T5-3B ANLI+WiCE 0.943, T5-3B ANLI 0.907, GPT-4 0.789, GPT-3.5 0.539',
    },
  },
  run: async ({ test }) => {
    const claims = readClaims(test).map(({ label, claim, evidence }) => ({ label, score: entailmentOf(claim, evidence) }))
    const scores = (...labels: Claim['label'][]) => claims.filter(({ label }) => labels.includes(label)).map(({ score }) => score)
    const supported = scores('supported')
    const not = scores('not_supported')
    const share = (values: readonly number[]) => values.filter((value) => value >= LEAST_SUPPORT).length / Math.max(1, values.length)
    return [
      { metric: 'auroc (supported or not)', value: auroc(supported, not), n: supported.length + not.length },
      { metric: 'auroc (supported or less)', value: auroc(supported, scores('partially_supported', 'not_supported')), n: claims.length },
      { metric: 'verified (supported)', value: share(supported), n: supported.length },
      { metric: 'verified (not supported)', value: share(not), n: not.length },
    ] satisfies Figure[]
  },
}

function readClaims(folder: string): Claim[] {
  const files = readdirSync(folder).filter((name) => /^claims.*\.jsonl(\.gz)?$/.test(name))
  return files.flatMap((name) => {
    const bytes = readFileSync(join(folder, name))
    return readJsonLines((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'), join(folder, name), anObject<Claim>)
  })
}

/** The probability that one of the first scores higher than one of the second. */
function auroc(higher: readonly number[], lower: readonly number[]): number {
  const wins = higher.reduce((sum, a) => sum + lower.reduce((own, b) => own + (a > b ? 1 : a === b ? 0.5 : 0), 0), 0)
  return wins / Math.max(1, higher.length * lower.length)
}
