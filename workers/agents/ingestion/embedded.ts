import { safeFileName } from '../../domain/documents'
import { AppError } from '../../domain/error'
import { detectFormat } from './detect'
import type { Draft } from './draft'
import { MAX_EMBEDDING_DEPTH } from './limits'
import { holdsTestVirus } from './scan'
import type { FoundFile, InnerTools } from './tools'

/**
 * Reads a file met inside another: neutralises its name, hands its bytes to the taker (which stores it), and keeps its own
 * parsed document beside the parent. A file that cannot be read spoils nothing: `skipped` says why.
 */
export async function readEmbedded(draft: Draft, file: FoundFile, tools: InnerTools, options: { keepUnread?: string } = {}): Promise<void> {
  const name = safeFileName(file.name)
  const entry = { name, mediaType: file.mediaType, size: file.bytes.length }
  if (tools.budget.embeddedFiles <= 0) return draft.leaveOut('Further embedded files were left out: the document holds too many.')
  tools.budget.embeddedFiles--
  if (holdsTestVirus(file.bytes)) {
    draft.warn(`"${name}" holds the EICAR antivirus test string; it was neither stored nor opened.`)
    return draft.embed({ ...entry, skipped: 'Holds the EICAR antivirus test string.' })
  }
  const detected = detectQuietly(file.bytes, name)
  const mediaType = detected.mediaType ?? file.mediaType
  const keeping = await tools.take?.({ name, mediaType, bytes: file.bytes })
  const skipped =
    options.keepUnread ??
    detected.skipped ??
    (tools.depth + 1 > MAX_EMBEDDING_DEPTH ? 'Lies too deep in other files; open it on its own.' : undefined)
  const outcome =
    skipped === undefined
      ? await parseQuietly(file.bytes, name, { ...tools, take: keeping?.take, keepPart: keeping?.keepPart, depth: tools.depth + 1 })
      : { skipped }
  if (outcome.skipped !== undefined && options.keepUnread === undefined) draft.leaveOut(`"${name}" was not read: ${outcome.skipped}`)
  draft.embed({ ...entry, mediaType, ...outcome })
}

function detectQuietly(bytes: Uint8Array, name: string): { mediaType?: string; skipped?: string } {
  try {
    return { mediaType: detectFormat(bytes, name).mediaType }
  } catch (error) {
    if (error instanceof AppError) return { skipped: error.message }
    throw error
  }
}

/** Files further inside for which the plan has no room are not left out in silence. */
async function parseQuietly(bytes: Uint8Array, name: string, tools: InnerTools): Promise<{ document?: unknown; skipped?: string }> {
  try {
    const document = await tools.read(bytes, name, tools)
    tools.budget.characters -= document.pages.reduce((sum, page) => sum + page.text.length, 0)
    return tools.budget.characters > 0 ? { document } : { skipped: 'Too much text to keep beside its parent; open it on its own.' }
  } catch (error) {
    if (error instanceof AppError && error.code !== 'over_budget') return { skipped: error.message }
    throw error
  }
}
