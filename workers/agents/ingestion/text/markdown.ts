import type { ParsedDocument } from '../../../domain/documents'
import { decodeText } from '../charset'
import { Draft } from '../draft'
import type { InnerTools } from '../tools'

const FENCE = /^\s*(```|~~~)/
const TABLE_RULE = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/

/** Markdown: blocks by their marks; inline marks stay as written, so that a quotation is found in the original too. */
export async function parseMarkdown(bytes: Uint8Array, _name: string, tools: InnerTools): Promise<ParsedDocument> {
  const { text, encoding } = decodeText(bytes)
  const draft = new Draft('markdown', 'text/markdown')
  draft.note('encoding', encoding)
  const lines = text.split(/\r\n?|\n/)
  let at = readFrontMatter(draft, lines)
  while (at < lines.length) at = readBlock(draft, lines, at)
  draft.title(draft.document.metadata.title)
  return await draft.close(tools)
}

/** A leading `---` block of `key: value` lines becomes metadata. */
function readFrontMatter(draft: Draft, lines: string[]): number {
  const end = lines[0]?.trim() === '---' ? lines.findIndex((line, index) => index > 0 && line.trim() === '---') : -1
  if (end < 0 || end > 100) return 0
  for (const line of lines.slice(1, end)) {
    const pair = /^([\w-]{1,60}):\s*(.+)$/.exec(line)
    if (pair) draft.note(pair[1] ?? '', pair[2]?.replace(/^["']|["']$/g, ''))
  }
  return end + 1
}

/** Reads one block that starts at line `at` and gives the line behind it. */
function readBlock(draft: Draft, lines: string[], at: number): number {
  const line = lines[at] ?? ''
  if (line.trim() === '') return at + 1
  if (FENCE.test(line)) return readFence(draft, lines, at)
  const heading = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/.exec(line)
  if (heading) {
    addHeading(draft, heading[2] ?? '', heading[1]?.length ?? 1)
    return at + 1
  }
  if (line.includes('|') && TABLE_RULE.test(lines[at + 1] ?? '')) return readTable(draft, lines, at)
  const item = /^(\s*)(?:[-*+]|\d{1,9}[.)])\s+/.exec(line)
  if (item) {
    const end = lineAfter(lines, at + 1, (next) => /^\s{2,}\S/.test(next) && !isBlockStart(next))
    draft.add('list_item', lines.slice(at, end).join('\n').trim(), 1 + Math.floor((item[1]?.replace(/\t/g, '    ').length ?? 0) / 2))
    return end
  }
  const quoted = /^\s{0,3}>/.test(line)
  const end = lineAfter(lines, at + 1, (next) => (quoted ? /^\s{0,3}>/.test(next) : next.trim() !== '' && !isBlockStart(next)))
  const underline = /^(=+|-+)\s*$/.exec(lines[end - 1] ?? '')
  if (!quoted && underline && end - at === 2) addHeading(draft, line, underline[1]?.startsWith('=') ? 1 : 2)
  else
    draft.add(
      quoted ? 'quote' : 'paragraph',
      lines
        .slice(at, end)
        .map((each) => (quoted ? each.replace(/^\s{0,3}>\s?/, '') : each))
        .join('\n'),
    )
  return end
}

const isBlockStart = (line: string): boolean =>
  FENCE.test(line) || /^\s{0,3}(#{1,6}\s|>)/.test(line) || /^\s*([-*+]|\d{1,9}[.)])\s+/.test(line)

function addHeading(draft: Draft, text: string, level: number): void {
  draft.title(text)
  draft.add('heading', text, level)
}

function lineAfter(lines: string[], from: number, goesOn: (line: string) => boolean): number {
  let end = from
  while (end < lines.length && goesOn(lines[end] ?? '')) end++
  return end
}

function readFence(draft: Draft, lines: string[], at: number): number {
  const mark = FENCE.exec(lines[at] ?? '')?.[1] ?? '```'
  const end = lineAfter(lines, at + 1, (line) => !line.trim().startsWith(mark))
  draft.add('code', lines.slice(at + 1, end).join('\n'))
  return end + 1
}

function readTable(draft: Draft, lines: string[], at: number): number {
  const end = lineAfter(lines, at + 2, (line) => line.includes('|') && line.trim() !== '')
  const rows = [lines[at] ?? '', ...lines.slice(at + 2, end)].map((line) =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => cell.replace(/\\\|/g, '|').trim()),
  )
  draft.table(rows, { hasHeader: true })
  return end
}
