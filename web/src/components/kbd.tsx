export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-flex h-6 min-w-6 items-center justify-center rounded border border-line bg-sunken px-1.5 font-mono text-xs text-ink-soft">
      {children}
    </kbd>
  )
}
