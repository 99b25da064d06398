import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../scripts/launch.ts'
import type { Evaluation, Figure } from './evaluation.ts'

/** The figures as last measured; RESULTS.md is written from them. */
const RECORD = join(root, 'evals/results.json')
const PAGE = join(root, 'evals/RESULTS.md')

interface Row extends Figure {
  set: string
  skill: string
  /** The part that was measured; what learns was cross-validated inside `dev`. */
  split: string
  /** `embedded`, or the model that was configured. */
  way: string
  measuredAt: string
  version: string
}

/** Puts what an evaluation gave in the place of its figures before, and writes the page anew. Other sets keep theirs. */
export function recordResults(evaluation: Evaluation, figures: Figure[], split: string, all: readonly Evaluation[]): void {
  const { set, skill } = evaluation
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const way = process.env.CHAT_MODEL_NAME ?? 'embedded'
  const measuredAt = new Date().toISOString().slice(0, 10)
  const others = readRows().filter((row) => row.set !== set || row.skill !== skill || row.way !== way)
  const rows = [...others, ...figures.map((figure) => ({ set, skill, ...figure, split, way, measuredAt, version }))]
  rows.sort((a, b) => `${a.set} ${a.skill} ${a.way}`.localeCompare(`${b.set} ${b.skill} ${b.way}`, 'en'))
  writeFileSync(RECORD, `${JSON.stringify(rows, null, 2)}\n`)
  writeFileSync(PAGE, pageOf(rows, all))
}

const readRows = (): Row[] => (existsSync(RECORD) ? (JSON.parse(readFileSync(RECORD, 'utf8')) as Row[]) : [])

function pageOf(rows: Row[], evaluations: readonly Evaluation[]): string {
  const find = ({ set, skill }: Row) => evaluations.find((each) => each.set === set && each.skill === skill)
  const lines = rows.map((row) => {
    const { aim, published } = find(row)?.references[row.metric] ?? {}
    const { set, skill, metric, value, n, way, split, measuredAt, version } = row
    return `| ${set} | ${skill} | ${metric} | ${value.toFixed(3)} | ${n} | ${aim ?? ''} | ${published ?? ''} | ${way} | ${split} | ${measuredAt}, ${version} |`
  })
  const methods = [...new Set(rows.map(find))].flatMap((each) => (each ? [`* **${each.set}, ${each.skill}**: ${each.method}`] : []))
  return `# Evaluation results

Written by \`npm run eval\`: each row is what the named version gave on that day. What learns was cross-validated inside \`dev\`, so no figure
is of cases that it had learned from; rules were written while looking at cases of \`dev\`.

| set | skill | metric | value | cases | aim | published or classical | way | part | measured |
|---|---|---|---|---|---|---|---|---|---|
${lines.join('\n')}

## How each is measured

${methods.join('\n')}
`
}
