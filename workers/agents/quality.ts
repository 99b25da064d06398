import { defineAgent, defineOperation } from './agent'
import { runChecks, scoreOf } from './quality/checks'
import { checkDuplicate } from './quality/duplicates'
import { evaluateCases, planEvaluation, summariseEvaluation } from './quality/evaluation/operations'
import { factsOf } from './quality/facts'
import { CheckInput, CheckOutput } from './quality/schema'

const check = defineOperation({
  summary: 'Checks that fields are there, sums add up, dates and numbers are right and nothing came twice; gives a score with reasons.',
  input: CheckInput,
  output: CheckOutput,
  makes: { own: ['documentId', 'score', 'passed'] },
  example: {
    documentId: 'doc_1',
    class: 'invoice',
    fields: [{ name: 'totalGross', value: '119.00', normalized: 119, currency: 'EUR', confidence: 0.95, source: 'label' }],
  },
  async run(input, context, ports) {
    const facts = factsOf(input)
    const { checks: duplicate, duplicateOf } = await checkDuplicate(ports, facts)
    const checks = [...runChecks(facts, ports.clock.now()), ...duplicate]
    context.provenance('embedded')
    return {
      documentId: input.documentId,
      score: scoreOf(checks),
      passed: checks.every((item) => item.passed || item.severity === 'warning'),
      checks,
      ...(duplicateOf && { duplicateOf }),
    }
  },
})

/** Judges what was read before anything is done with it. */
export const quality = defineAgent({
  type: 'quality',
  summary: 'Judges what was read from a document before anything is done with it.',
  operations: { check, plan_evaluation: planEvaluation, evaluate_cases: evaluateCases, summarise_evaluation: summariseEvaluation },
})
