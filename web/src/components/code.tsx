/** Program text as it is: scrolls in itself and can be scrolled by keyboard. */
export function Code({ label, text }: { label: string; text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section aria-label={label} tabIndex={0} className="max-h-[70vh] overflow-auto rounded-md bg-sunken p-3 -outline-offset-2">
      <pre className="font-mono text-xs leading-relaxed">{text}</pre>
    </section>
  )
}

/** A JSON value, indented. */
export function JsonView({ label, value }: { label: string; value: unknown }) {
  return <Code label={label} text={JSON.stringify(value, null, 2) ?? ''} />
}
