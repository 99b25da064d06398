import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../scripts/launch.ts'
import type { Weights } from '../workers/skills/extract/ranker'
import { fitParties, fitTerm, readContracts } from './contract-training.ts'
import { fitLetterhead, readReceipts } from './letterhead-training.ts'

/** Weights nearer to zero than this change no decision. */
const MIN_WEIGHT = 0.02

const listed = (weights: Weights, indent: string): string =>
  Object.entries(weights)
    .filter(([name, weight]) => name === 'bias' || Math.abs(weight) >= MIN_WEIGHT)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, weight]) => `${indent}${/^\w+$/.test(name) ? name : `'${name}'`}: ${weight},`)
    .join('\n')

const HEADER = '/** Learned by `node evals/train-extraction.ts`; not to be edited by hand. Decisions are in docs/skills/extract.md. */'

function write(file: string, type: string, from: string, name: string, body: string): void {
  const text = `import type { ${type} } from './${from}'\n\n${HEADER}\nexport const ${name}: ${type} = {\n${body}\n}\n`
  writeFileSync(join(root, 'workers/skills/extract', `${file}.ts`), text)
}

/** Learns from all receipts and contracts of the dev parts and writes what the skill ships with. */
export async function writeWeights(data = join(root, '../shared/data')): Promise<void> {
  const letterhead = fitLetterhead(await readReceipts(join(data, 'receipts_sroie/dev')))
  const parts = (['company', 'address'] as const).map((part) => `  ${part}: {\n${listed(letterhead[part], '    ')}\n  },`).join('\n')
  write('letterhead-weights', 'LetterheadWeights', 'letterhead', 'LETTERHEAD_WEIGHTS', parts)
  const contracts = await readContracts(join(data, 'contracts_kleister_nda/dev'))
  write('party-weights', 'Weights', 'ranker', 'PARTY_WEIGHTS', listed(fitParties(contracts), '  '))
  write('term-weights', 'Weights', 'ranker', 'TERM_WEIGHTS', listed(fitTerm(contracts), '  '))
}
