import type { ReactNode } from 'react'

/** Names with values, side by side where there is room. What is undefined is left out. */
export function Facts({ facts }: { facts: { name: string; value: ReactNode }[] }) {
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-3">
      {facts
        .filter((fact) => fact.value !== undefined)
        .map((fact) => (
          <div key={fact.name} className="min-w-0">
            <dt className="text-xs text-ink-faint">{fact.name}</dt>
            <dd className="numeric mt-0.5">{fact.value}</dd>
          </div>
        ))}
    </dl>
  )
}
