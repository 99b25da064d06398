import { suggest } from '../parse/suggest'

/** What authors write for an operator that they know from elsewhere. The first that fits the text outside its quotes is meant. */
const WRITTEN_OTHERWISE: readonly (readonly [RegExp, string])[] = [
  [/===/, 'write == to compare'],
  [/!==/, 'write != to compare'],
  [/=>/, 'write >= for “at least”'],
  [/=</, 'write <= for “at most”'],
  [/<>/, 'write != for “not equal”'],
  [/(?<![=!<>])=(?!=)/, 'write == to compare'],
  [/\bif\b.*\bthen\b/is, 'write condition ? one : other'],
  [/\band\b/i, 'write && for “and”'],
  [/\bor\b/i, 'write || for “or”'],
  [/(?:^|[(\s])not\s/i, 'write ! for “not”, as in !(a == b)'],
  [/\bis\b/i, 'write == to compare'],
  [/\d[.\d]*,\d/, 'write numbers without separators, with a point before the decimals: 1000.5'],
  [/[€$£¥%]/, 'leave out signs of money and percent: compare with the number alone'],
  [/“|”|„|‘|’/, 'write straight quotes: "…"'],
]

/** What an expression ends too early for. */
const UNCLOSED: Readonly<Record<string, string>> = {
  RPAREN: 'a bracket ( is not closed; write ) behind it',
  RBRACKET: 'a bracket [ is not closed; write ] behind it',
  RBRACE: 'a brace { is not closed; write } behind it',
  COLON: 'a choice needs both sides: write condition ? one : other',
}

/** What to write in place of a CEL expression that cannot be read; `problem` is the parser's own. */
export function adviseCel(text: string, problem: string, at: number | undefined): string {
  const place = at === undefined ? '' : ` at character ${at + 1}`
  if (/unterminated/i.test(problem)) return `a text in quotes does not end${place}; close it with the quote that it begins with`
  const known = WRITTEN_OTHERWISE.find(([pattern]) => pattern.test(withoutTexts(text)))
  if (known) return `it cannot be read${place}; ${known[1]}`
  const expected = /^Expected (\w+)/.exec(problem)?.[1]
  if (expected !== undefined && UNCLOSED[expected] !== undefined) return UNCLOSED[expected]
  if (/EOF/.test(problem)) return 'it ends too early; write the value that belongs behind its last sign'
  const reserved = /^Reserved identifier: (\w+)/.exec(problem)?.[1]
  if (reserved !== undefined) return `'${reserved}' is a word of the language; read a member of that name as x["${reserved}"]`
  const found = text[at ?? -1]
  return found === undefined ? problem : `'${found}'${place} does not belong there; write an operator or close what is open`
}

/** The text with what stands in quotes taken out. */
const withoutTexts = (text: string): string => text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""')

/** The functions of the language, for whoever calls one that there is not. */
const FUNCTION_NAMES =
  'abs addDays all at contains date days default duration endsWith exists filter first flatten has join keys last lower map max min number replace round size split startsWith string substring sum timestamp trim upper'.split(
    ' ',
  )

/** What to write where there is no function of that name, or none that takes such values. */
export function adviseCall(signature: string): string {
  const name = /^(?:.*\.)?(\w+)\(/.exec(signature)?.[1] ?? signature
  if (name === 'now' || name === 'today') return 'there is no clock; use run.startedAt'
  if (FUNCTION_NAMES.includes(name))
    return `${name}() does not take these values: ${signature}; see the list of functions for what it takes`
  return `there is no function ${name}(); ${suggest(name, FUNCTION_NAMES)}`
}

/** What to write in place of a Liquid text that cannot be read; `problem` is the parser's own. */
export function adviseLiquid(text: string, problem: string, known: { filters: string[]; tags: string[] }): string {
  const filter = /^undefined filter: (.+)$/.exec(problem)?.[1]
  if (filter !== undefined) return `there is no filter '${filter}'; ${suggest(filter, known.filters)}`
  if (/^output .* not closed/.test(problem)) return 'a {{ is not closed; write }} behind it'
  const open = /^tag \{% *(\w+).* not closed/s.exec(problem)?.[1]
  if (open !== undefined) return `{% ${open} %} has no end; write {% end${open} %} behind it`
  const tag = /^tag "(\w+)" not found/.exec(problem)?.[1]
  if (tag?.startsWith('end')) return `{% ${tag} %} ends what was not begun; write {% ${tag.slice(3)} … %} before it, or leave it out`
  if (tag !== undefined) return `there is no tag '${tag}'; ${suggest(tag, known.tags)}`
  if (/^illegal tag: \{% *for/.test(problem)) return 'write {% for name in list %}'
  if (/^invalid value expression/.test(problem)) return 'there is nothing between {{ and }}; write what shall stand there'
  if (/expected "\|" before filter/.test(problem)) return adviseOperator(text)
  return problem === '' ? 'it cannot be rendered' : problem
}

/** Liquid has no operators in its outputs, and those of others in its conditions. */
function adviseOperator(text: string): string {
  if (/\{%[^%]*[^=!<>]=[^=]/.test(text)) return 'write == to compare'
  if (/\{\{[^}]*[-+*/]/.test(text))
    return 'Liquid does not calculate with signs; write a filter such as {{ a | plus: b }}, or the whole text as ${{ a + b }}'
  return 'a value and its filters are divided by |, as in {{ input.name | upcase }}'
}
