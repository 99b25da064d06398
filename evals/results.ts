import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../scripts/launch.ts'
import type { Evaluation, Figure } from './evaluation.ts'

export interface Measured {
  evaluation: Evaluation
  figure: Figure
}

/** Writes evals/RESULTS.md: what was measured, how, and beside what. */
export function writeResults(measured: Measured[], { split }: { split: string }): void {
  const date = new Date().toISOString().slice(0, 10)
  const rows = measured.map(({ evaluation: { set, skill, references }, figure: { metric, value, n } }) => {
    const { aim, published } = references[metric] ?? {}
    return `| ${set} | ${skill} | ${metric} | ${value.toFixed(3)} | ${n} | ${aim ?? ''} | ${published ?? ''} |`
  })
  const methods = [...new Set(measured.map(({ evaluation }) => evaluation))].map(
    ({ set, skill, method }) => `* **${set}, ${skill}**: ${method}`,
  )
  const text = `# Evaluation results

Written by \`npm run eval\` on ${date}, part \`${split}\`, ${process.env.CHAT_MODEL_NAME ? `model ${process.env.CHAT_MODEL_NAME}` : 'embedded way, no model configured'}.

| set | skill | metric | value | cases | aim | published or classical |
|---|---|---|---|---|---|---|
${rows.join('\n')}

## How each is measured

${methods.join('\n')}
`
  writeFileSync(join(root, 'evals/RESULTS.md'), text)
}
