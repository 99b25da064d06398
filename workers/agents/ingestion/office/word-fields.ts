import type { Draft } from '../draft'
import { noteExternal } from './package'

/** Fields that load something when the document is opened in Word. */
const LOADING = /^\s*(INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|RD|DATABASE)\b/i
const COMMAND = /^\s*(DDE|DDEAUTO)\b/i

/** Notes what a field code would load or run. Nothing is loaded or run here. */
export function readFieldCode(draft: Draft, code: string): void {
  if (COMMAND.test(code))
    draft.warn(`The file holds a DDE field, which could start a program; it was not run: ${code.trim().slice(0, 120)}`)
  if (!LOADING.test(code)) return
  const url = /[a-z][\w+.-]*:(?:\/\/|\\\\)[^\s"]+|\\\\[^\s"]+/i.exec(code)?.[0] ?? /"([^"]+)"/.exec(code)?.[1]
  if (url) noteExternal(draft, url)
}
