import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { fieldName } from './field-names'
import { createFormat, type Format } from './format'
import { createTranslate, LANGUAGES, type Language, type Translate } from './translate'

/** Read by public/first-paint.js too. */
const STORAGE_KEY = 'steward.language'
const listeners = new Set<() => void>()
const isLanguage = (value: string | null): value is Language => LANGUAGES.some((language) => language === value)

/** The chosen language, else the browser's when it is one of ours, else English. */
export function currentLanguage(): Language {
  const stored = localStorage.getItem(STORAGE_KEY)
  if (isLanguage(stored)) return stored
  const system = navigator.language.slice(0, 2)
  return isLanguage(system) ? system : 'en'
}

/** Switches at once and remembers. */
export function setLanguage(language: Language): void {
  localStorage.setItem(STORAGE_KEY, language)
  document.documentElement.lang = language
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useLanguage = (): Language => useSyncExternalStore(subscribe, currentLanguage)

export function useTranslate(): Translate {
  const language = useLanguage()
  return useMemo(() => createTranslate(language), [language])
}

export function useFormat(): Format {
  const language = useLanguage()
  return useMemo(() => createFormat(language), [language])
}

/** Names from data (fields, classes) in the person's language. */
export function useFieldName(): (name: string) => string {
  const language = useLanguage()
  return useCallback((name) => fieldName(name, language), [language])
}
