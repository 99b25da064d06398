import { JsonView } from '../components/code'
import { Facts } from '../components/facts'
import { useFieldName, useFormat, useTranslate } from '../i18n/language'
import { readUntrustedEffect } from './untrusted'
import { UntrustedArguments } from './untrusted-arguments'

/** What a person needs to know to decide: plain values as facts, text as text, lists of texts as lists, the rest as JSON. */
export function ApprovalDetails({ details }: { details: unknown }) {
  const t = useTranslate()
  const fieldLabel = useFieldName()
  if (details === null || details === undefined) return null
  const effect = readUntrustedEffect(details)
  if (effect !== undefined) return <UntrustedArguments effect={effect} />
  if (typeof details === 'string') return <p className="max-w-prose whitespace-pre-wrap">{details}</p>
  if (typeof details !== 'object' || Array.isArray(details)) return <JsonView label={t('run.step.output')} value={details} />
  const entries = Object.entries(details).filter(([, value]) => value !== null && value !== '')
  const plain = entries.filter(([, value]) => typeof value !== 'object')
  const rest = entries.filter(([, value]) => typeof value === 'object')
  return (
    <div className="flex flex-col gap-3">
      <Facts facts={plain.map(([name, value]) => ({ name: fieldLabel(name), value: <PlainValue value={value} /> }))} />
      {rest.map(([name, value]) => (
        <div key={name}>
          <p className="mb-1 text-xs text-ink-faint">{fieldLabel(name)}</p>
          {isTextList(value) ? <TextList items={value} /> : <JsonView label={fieldLabel(name)} value={value} />}
        </div>
      ))}
    </div>
  )
}

const isTextList = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string')

function TextList({ items }: { items: string[] }) {
  return (
    <ul className="list-disc pl-5">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  )
}

function PlainValue({ value }: { value: unknown }) {
  const format = useFormat()
  return <span className="font-semibold">{typeof value === 'number' ? format.number(value) : String(value)}</span>
}
