import { checkVatId, isIban } from '../../skills/text/checksums'
import type { Facts } from './facts'
import { type Check, REQUIRED_FIELDS } from './schema'

const DAY_MS = 86_400_000
/** Older papers are possible but worth a look. */
const OLDEST_YEAR = 1990

const check = (name: string, severity: Check['severity'], passed: boolean, good: string, bad: string): Check => ({
  name,
  severity,
  passed,
  reason: passed ? good : bad,
})
const money = (value: number): string => value.toFixed(2)

const requiredOf = ({ input }: Facts): readonly string[] => input.rules.required ?? REQUIRED_FIELDS[input.class] ?? []

/** Sentences that a reason repeats; the report lists them all. */
const MAX_UNREAD_SHOWN = 3

/** What was not read cannot have been checked: such a document is never as good as one that was read to its end. */
function completeness({ input: { unread } }: Facts): Check[] {
  if (unread.length === 0) return []
  const further = unread.length - MAX_UNREAD_SHOWN
  const shown = unread.slice(0, MAX_UNREAD_SHOWN).join(' ')
  return [check('read_completely', 'warning', false, '', further > 0 ? `${shown} And ${further} more.` : shown)]
}

function requiredFields(facts: Facts): Check[] {
  const required = requiredOf(facts)
  const missing = required.filter((name) => facts.field(name) === undefined)
  if (required.length === 0) return []
  return [
    check(
      'required_fields',
      'error',
      missing.length === 0,
      `All required fields are there: ${required.join(', ')}.`,
      `Missing: ${missing.join(', ')}.`,
    ),
  ]
}

function confidence(facts: Facts): Check[] {
  const { minConfidence } = facts.input.rules
  const fields = requiredOf(facts).flatMap((name) => facts.field(name) ?? [])
  if (fields.length === 0) return []
  const doubtful = fields.filter((field) => field.confidence < minConfidence).map((field) => `${field.name} (${field.confidence})`)
  return [
    check(
      'confidence',
      'warning',
      doubtful.length === 0,
      'The required fields were read with enough confidence.',
      `Doubtful: ${doubtful.join(', ')}; look at the document.`,
    ),
  ]
}

function totals(facts: Facts): Check[] {
  const [net, tax, gross] = ['totalNet', 'totalTax', 'totalGross'].map((name) => facts.number(name))
  if (net === undefined || tax === undefined || gross === undefined) return []
  const off = net + tax - gross
  const sum = `${money(net)} + ${money(tax)}`
  return [
    check(
      'totals_add_up',
      'error',
      Math.abs(off) <= facts.input.rules.tolerance + 1e-9,
      `${sum} = ${money(gross)}.`,
      `${sum} is ${money(net + tax)}, but the total says ${money(gross)} (off by ${money(Math.abs(off))}).`,
    ),
  ]
}

function lineItems(facts: Facts): Check[] {
  const { lineItems: items, rules } = facts.input
  const amounts = items.flatMap(
    (item) => item.amount ?? (item.quantity !== undefined && item.unitPrice !== undefined ? item.quantity * item.unitPrice : []),
  )
  const targets = [facts.number('totalNet'), facts.number('totalGross')].filter((value) => value !== undefined)
  if (items.length === 0 || amounts.length !== items.length || targets.length === 0) return []
  const sum = amounts.reduce((total, amount) => total + amount, 0)
  // Each line may be rounded by itself.
  const allowed = rules.tolerance + 0.005 * items.length
  const fits = targets.some((target) => Math.abs(sum - target) <= allowed)
  return [
    check(
      'line_items_add_up',
      'warning',
      fits,
      `The ${items.length} line items add up to ${money(sum)}.`,
      `The ${items.length} line items add up to ${money(sum)}, not to ${targets.map(money).join(' or ')}; allowances or lines that were not read may explain it.`,
    ),
  ]
}

function dates(facts: Facts, now: Date): Check[] {
  const latest = now.getTime() + facts.input.rules.maxFutureDays * DAY_MS
  const checks: Check[] = []
  const date = facts.text('date') ?? facts.text('effectiveDate')
  const time = date === undefined ? Number.NaN : Date.parse(date)
  if (date !== undefined && !Number.isNaN(time) && facts.input.class !== 'contract') {
    checks.push(
      check('date_plausible', 'error', time <= latest, `The date ${date} is not in the future.`, `The date ${date} lies in the future.`),
    )
    checks.push(
      check(
        'date_recent_enough',
        'warning',
        new Date(time).getUTCFullYear() >= OLDEST_YEAR,
        `The date ${date} is in this era.`,
        `The date ${date} is before ${OLDEST_YEAR}.`,
      ),
    )
  }
  const due = facts.text('dueDate')
  if (date !== undefined && due !== undefined)
    checks.push(
      check(
        'due_after_date',
        'warning',
        due >= date.slice(0, 10),
        `It is due on ${due}, not before its date ${date}.`,
        `It is due on ${due}, before its own date ${date}.`,
      ),
    )
  return checks
}

function numbers(facts: Facts): Check[] {
  const iban = facts.text('iban')
  const vatId = facts.text('vatId')
  const verdict = vatId === undefined ? undefined : checkVatId(vatId)
  return [
    ...(iban === undefined
      ? []
      : [
          check(
            'iban_valid',
            'error',
            isIban(iban),
            `The IBAN ${iban} has the right check digits.`,
            `The IBAN ${iban} has wrong check digits: do not pay to it before asking.`,
          ),
        ]),
    ...(verdict === undefined
      ? []
      : [
          check(
            'vat_id_valid',
            'warning',
            verdict === 'valid' || verdict === 'unchecked',
            verdict === 'valid'
              ? `The VAT id ${vatId} has the right check digits.`
              : `The VAT id ${vatId} has the right shape; its country publishes no check.`,
            `The VAT id ${vatId} is not valid: ${verdict === 'invalid' ? 'wrong check digits' : 'wrong shape'}.`,
          ),
        ]),
  ]
}

/** Every check that the fields allow; what cannot be checked is left out rather than passed. */
export const runChecks = (facts: Facts, now: Date): Check[] => [
  ...completeness(facts),
  ...requiredFields(facts),
  ...confidence(facts),
  ...totals(facts),
  ...lineItems(facts),
  ...dates(facts, now),
  ...numbers(facts),
]

/** What a failure leaves of the score. */
const LEFT_AFTER = { error: 0.55, warning: 0.85 } as const

/** 1 when nothing failed; every failure leaves a share of what was left. */
export const scoreOf = (checks: Check[]): number =>
  Math.round(checks.filter((item) => !item.passed).reduce((score, item) => score * LEFT_AFTER[item.severity], 1) * 100) / 100
