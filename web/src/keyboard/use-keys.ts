import { useEffect, useRef } from 'react'
import { matchKeys } from './keys'
import { shortcutsEnabled } from './preference'

type Actions = Record<string, () => void>

/** A sequence such as `g r` must go on within this time. */
const SEQUENCE_MS = 1_200

/** One table for the whole page: were each screen to listen by itself, the `a` of `g a` would approve something. */
const registered = new Set<() => Actions>()
let pressed = ''
let timer: ReturnType<typeof setTimeout> | undefined

/** Binds single keys and sequences while the component is shown; not while someone types or a dialog is open. */
export function useKeys(actions: Actions): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    const read = (): Actions => latest.current
    if (registered.size === 0) window.addEventListener('keydown', onKey)
    registered.add(read)
    return () => {
      registered.delete(read)
      if (registered.size === 0) window.removeEventListener('keydown', onKey)
    }
  }, [])
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return
  if (!shortcutsEnabled() || document.querySelector('dialog[open]') !== null) return
  const actions: Actions = Object.assign({}, ...[...registered].map((read) => read()))
  const step = matchKeys(Object.fromEntries(Object.keys(actions).map((keys) => [keys, keys])), pressed, event.key)
  clearTimeout(timer)
  pressed = step.kind === 'prefix' ? step.pressed : ''
  if (step.kind === 'prefix') timer = setTimeout(() => (pressed = ''), SEQUENCE_MS)
  if (step.kind !== 'match') return
  event.preventDefault()
  actions[step.name]?.()
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('textarea, select, input:not([type=radio]):not([type=checkbox])'))
  )
}
