import { Bot, Braces, CheckCheck, Clock, GitFork, Globe, Hand, ListTree, type LucideIcon, MailOpen, Repeat, Workflow } from 'lucide-react'
import type { Step } from '../api/types'

const ICONS = {
  agent: Bot,
  set: Braces,
  validate: CheckCheck,
  http: Globe,
  if: GitFork,
  parallel: ListTree,
  forEach: Repeat,
  approval: Hand,
  wait: Clock,
  waitEvent: MailOpen,
} as const satisfies Record<Step['kind'], LucideIcon>

export function KindIcon({ kind }: { kind: Step['kind'] }) {
  // A kind that a newer server knows and this page does not yet.
  const Icon = ICONS[kind] ?? Workflow
  return <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
}
