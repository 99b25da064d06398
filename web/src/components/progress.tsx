/** How far something is, 0–1, on the browser's own element. */
export function Progress({ label, share }: { label: string; share: number }) {
  return (
    <progress
      aria-label={label}
      max={1}
      value={share}
      className="h-1.5 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-brand [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-brand"
    />
  )
}
