import { extractEmbedded } from '../../workers/skills/extract/embedded'
import type { ExtractOutput } from '../../workers/skills/extract/schema'
import { fitParties, fitTerm, foldParty, type LabelledContract, readContracts } from '../contract-training.ts'
import type { Evaluation } from '../evaluation.ts'
import { extractFrom, fieldValue, folds, Overlap, shared } from '../extraction.ts'

const FOLDS = 7
const FIELDS: Record<string, string> = { effective_date: 'effectiveDate', jurisdiction: 'governingLaw', party: 'parties', term: 'term' }

function compare({ gold }: LabelledContract, output: ExtractOutput, overlap: Overlap): void {
  for (const [key, name] of Object.entries(FIELDS)) {
    const wanted = (gold[key] ?? []).map(foldParty)
    const given = [fieldValue(output, name) ?? []].flat().map((value) => foldParty(String(value)))
    overlap.note(key, { shared: shared(given, wanted), given: given.length, wanted: wanted.length })
  }
}

export const evaluation: Evaluation = {
  set: 'contracts_kleister_nda',
  skill: 'extract',
  method:
    "The set's texts parsed by the ingestion agent as plain text, fields by the extract skill told that it reads a contract. F1 over upper-cased pairs of field and value, as the set's own scorer counts them; on both sides `&` is AND, commas, stops and quotation marks are left out and Incorporated is Inc, because the gold normalises names that way. Dates, law and terms must be equal. Weights for parties and term are learned from dev; on dev itself they are cross-validated in 7 folds.",
  references: { f1: { aim: 0.7, published: 'best of the Kleister paper 0.8177, LAMBERT 0.8042, RoBERTa 0.7850 (test-A)' } },
  async run(context) {
    const overlap = new Overlap()
    const contracts = await readContracts(context.test)
    if (context.sameAsTrain && !context.chatModel) {
      for (const { train, test } of folds(contracts, FOLDS, (_, index) => String(index))) {
        const contract = { parties: fitParties(train), term: fitTerm(train) }
        for (const each of test) compare(each, extractEmbedded({ document: each.document, class: 'contract' }, { contract }), overlap)
      }
    } else for (const each of contracts) compare(each, await extractFrom({ document: each.document, class: 'contract' }, context), overlap)
    return overlap.figures('f1')
  },
}
