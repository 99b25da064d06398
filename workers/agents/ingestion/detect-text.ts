import { decodeText } from './charset'
import type { DetectedFormat } from './detect'
import { MAX_JSON_BYTES } from './limits'
import { declaredEncoding } from './xml'

const SAMPLE_BYTES = 64 * 1024

/** The kind of a text file, or undefined when the bytes are no text. */
export function detectText(bytes: Uint8Array, name: string): DetectedFormat | undefined {
  const sample = decodeText(bytes.subarray(0, SAMPLE_BYTES), declaredEncoding(bytes)).text
  if (!isText(sample)) return undefined
  const whole = bytes.length <= SAMPLE_BYTES
  if (sample.startsWith('{\\rtf')) return { format: 'rtf', mediaType: 'application/rtf' }
  if (isMailbox(sample)) return { format: 'eml', mediaType: 'application/mbox' }
  const markup = detectMarkup(sample)
  if (markup) return markup
  if (isJson(sample, whole, bytes, name)) return { format: 'json', mediaType: 'application/json' }
  if (isMail(sample, name)) return { format: 'eml', mediaType: 'message/rfc822' }
  if (isMarkdown(sample, name)) return { format: 'markdown', mediaType: 'text/markdown' }
  if (sniffDelimiter(sample, name) !== undefined) return { format: 'csv', mediaType: 'text/csv' }
  return { format: 'text', mediaType: 'text/plain' }
}

/** Text has next to no control characters; a few occur in old files. */
function isText(sample: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is counted
  const controls = sample.match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g)?.length ?? 0
  return controls <= sample.length * 0.01
}

/** mbox: an envelope line `From sender date`. */
const isMailbox = (sample: string): boolean => /^From \S.*\b\d{4}\b.*\r?\n/.test(sample) || /^From \S+.*\r?\n[!-9;-~]+:[ \t]/.test(sample)

const HTML_TAG =
  /^(html|head|body|title|meta|link|style|script|h[1-6]|p|div|span|table|tr|td|ul|ol|li|a|b|i|u|em|strong|br|hr|img|center|font|blockquote|pre|form|section|article|main|nav|header|footer|iframe|base)$/

function detectMarkup(sample: string): DetectedFormat | undefined {
  const body = sample.replace(/^(?:\s+|<\?[^>]*\?>|<!--[\s\S]*?-->)*/, '')
  if (!body.startsWith('<')) return undefined
  if (/^<!doctype\s+html/i.test(body)) return { format: 'html', mediaType: 'text/html' }
  const root = /<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]/.exec(body.replace(/^<!DOCTYPE[^[>]*(\[[^\]]*\]\s*)?>/i, ''))
  if (!root?.[2]) return undefined
  const isDeclared = /^\s*<\?xml|^<!DOCTYPE/i.test(sample.slice(0, 100).trimStart()) || body.startsWith('<!')
  const isHtml = root[1] === undefined && (root[2].toLowerCase() === 'html' || (!isDeclared && HTML_TAG.test(root[2].toLowerCase())))
  if (isHtml) return { format: 'html', mediaType: 'text/html' }
  return /^\s*<\?xml/.test(sample) || /^<[\s\S]*>/.test(body) ? { format: 'xml', mediaType: 'application/xml' } : undefined
}

function isJson(sample: string, whole: boolean, bytes: Uint8Array, name: string): boolean {
  const start = sample.trimStart()
  if (!/^[[{]/.test(start)) return false
  if (/\.(json|jsonl|ndjson|geojson)$/i.test(name)) return true
  if (parses(whole ? sample : decodeText(bytes.subarray(0, MAX_JSON_BYTES)).text)) return true
  const lines = start
    .split(/\r?\n/)
    .slice(0, whole ? undefined : -1)
    .filter((line) => line.trim() !== '')
    .slice(0, 5)
  return lines.length > 1 && lines.every((line) => /^[[{]/.test(line) && parses(line))
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const MAIL_HEADER =
  /^(from|to|cc|subject|date|message-id|received|mime-version|content-type|return-path|delivered-to|reply-to|sender|in-reply-to):/i

/** A block of header lines at the top, at least two of them well known (one where the name says it is a mail). */
function isMail(sample: string, name: string): boolean {
  const lines = (sample.split(/\r?\n\r?\n/, 1)[0] ?? '').split(/\r?\n/)
  if (!lines.every((line, index) => /^[!-9;-~]+[ \t]*:/.test(line) || (index > 0 && /^[ \t]/.test(line)))) return isBrokenMail(lines, name)
  const known = lines.filter((line) => MAIL_HEADER.test(line)).length
  return known >= 2 || (known === 1 && /\.eml$/i.test(name))
}

/** Mails with a line out of place are mails all the same, where several headers are well known. */
const isBrokenMail = (lines: string[], name: string): boolean => {
  const known = lines.filter((line) => MAIL_HEADER.test(line)).length
  return MAIL_HEADER.test(lines[0] ?? '') && known >= (/\.eml$/i.test(name) ? 2 : 3)
}

function isMarkdown(sample: string, name: string): boolean {
  if (/\.(md|markdown)$/i.test(name)) return true
  const marks = [
    /^#{1,6} \S/m,
    /^\s*[-*+] \S/m,
    /\[[^\]\n]+\]\([^)\s]+\)/,
    /^```/m,
    /^\|.+\|\s*\n\|[\s:|-]+\|/m,
    /\*\*[^*\n]+\*\*/,
    /^> \S/m,
  ]
  const found = marks.filter((mark) => mark.test(sample)).length
  return found >= 3 || (found >= 2 && /^#{1,6} \S/m.test(sample))
}

const DELIMITERS = [',', ';', '\t', '|']

/** The delimiter of a table in text: the one that splits nearly all sampled lines into the same number of fields, two at least. */
export function sniffDelimiter(sample: string, name: string): string | undefined {
  const named = /\.(csv|tsv)$/i.test(name)
  const lines = sample
    .replace(/"(?:[^"]|"")*"/g, 'q')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, 50)
  if (lines.length < 2) return named ? (DELIMITERS.find((delimiter) => lines[0]?.includes(delimiter)) ?? ',') : undefined
  const scores = DELIMITERS.map((delimiter) => {
    const counts = lines.map((line) => line.split(delimiter).length)
    const usual = mode(counts)
    return { delimiter, fields: usual, share: counts.filter((count) => count === usual).length / counts.length }
  })
  const best = scores
    .filter(({ fields, share }) => fields >= 2 && share >= (named ? 0.5 : 0.9))
    .sort((a, b) => b.share - a.share || b.fields - a.fields)[0]
  if (best === undefined) return named ? ',' : undefined
  // Two prose lines with one comma each are no table.
  return named || lines.length >= 3 || best.fields >= 3 ? best.delimiter : undefined
}

function mode(counts: number[]): number {
  const tally = new Map<number, number>()
  for (const count of counts) tally.set(count, (tally.get(count) ?? 0) + 1)
  return [...tally].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0
}
