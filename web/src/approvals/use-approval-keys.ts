import { useKeys } from '../keyboard/use-keys'

const CARD = 'article[data-approval]'

/** `a` and `r` decide the approval that has the focus, and only that: a stray key must not approve anything. `j` and `k` move. */
export function useApprovalKeys(): void {
  useKeys({ a: () => press('approve'), r: () => press('reject'), j: () => move(1), k: () => move(-1) })
}

function press(decision: 'approve' | 'reject'): void {
  document.activeElement?.closest(CARD)?.querySelector<HTMLButtonElement>(`button[data-decision=${decision}]`)?.click()
}

function move(by: 1 | -1): void {
  const cards = [...document.querySelectorAll<HTMLElement>(CARD)]
  const current = cards.findIndex((card) => card.contains(document.activeElement))
  const next = current < 0 ? 0 : Math.min(cards.length - 1, Math.max(0, current + by))
  cards[next]?.focus()
}
