import type { ParsedDocument } from '../../../domain/documents'
import { decodeText } from '../charset'
import { Draft } from '../draft'
import { MAX_JSON_BYTES, MAX_MARKUP_DEPTH, MAX_TABLE_ROWS } from '../limits'
import { refuse } from '../refusals'
import type { InnerTools } from '../tools'

/** JSON and JSON Lines: the text as indented JSON, and an array of records also as a table. */
export async function parseJson(bytes: Uint8Array, name: string, tools: InnerTools): Promise<ParsedDocument> {
  if (bytes.length > MAX_JSON_BYTES)
    throw refuse('too_large', `"${name}" is more than ${MAX_JSON_BYTES / 1024 / 1024} MB of JSON; split it and send the parts.`)
  const value = readValue(decodeText(bytes).text, name)
  const draft = new Draft('json', 'application/json')
  draft.add('code', JSON.stringify(value, undefined, 2))
  for (const [path, rows] of recordLists(value)) draft.keepTable(rows, 1, { name: path, hasHeader: true })
  if (isRecord(value))
    for (const [key, member] of Object.entries(value))
      if (typeof member === 'string' || typeof member === 'number') draft.note(key.slice(0, 60), String(member))
  if (isRecord(value) && typeof value.title === 'string') draft.title(value.title)
  return await draft.close(tools)
}

/** As for markup; a deeper one would overflow the stack of whatever writes it out again. */
function refuseDeep(text: string, name: string): void {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) inString = false
    } else if (code === QUOTE) inString = true
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      if (++depth > MAX_MARKUP_DEPTH)
        throw refuse('too_large', `"${name}" nests lists and objects more than ${MAX_MARKUP_DEPTH} deep; flatten it and send it again.`)
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth--
  }
}

const [QUOTE, BACKSLASH, OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

function readValue(text: string, name: string): unknown {
  refuseDeep(text, name)
  try {
    return JSON.parse(text)
  } catch (error) {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
    if (lines.length < 2) throw broken(name, error)
    try {
      return lines.map((line): unknown => JSON.parse(line))
    } catch {
      throw broken(name, error)
    }
  }
}

const broken = (name: string, cause: unknown) =>
  refuse(
    'corrupt',
    `"${name}" is not valid JSON (${cause instanceof Error ? cause.message : 'unreadable'}); mend it and send it again.`,
    cause,
  )

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Lists of records at the top or one level below, as rows with a header. */
function recordLists(value: unknown): [string, string[][]][] {
  const candidates: [string, unknown][] = isRecord(value) ? Object.entries(value).slice(0, 50) : [['', value]]
  return candidates.flatMap(([path, list]): [string, string[][]][] => {
    if (!Array.isArray(list) || list.length === 0 || !list.every(isRecord)) return []
    const rows: Record<string, unknown>[] = list.slice(0, MAX_TABLE_ROWS)
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, 100)
    return [[path, [columns, ...rows.map((row) => columns.map((column) => cellText(row[column])))]]]
  })
}

const cellText = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)
