const STORAGE_KEY = 'steward.shortcuts'

/** Single-key shortcuts can be switched off: they get in the way of speech input (WCAG 2.1.4). */
export const shortcutsEnabled = (): boolean => localStorage.getItem(STORAGE_KEY) !== 'off'

export const setShortcutsEnabled = (enabled: boolean): void => localStorage.setItem(STORAGE_KEY, enabled ? 'on' : 'off')
