export type TokenKind = 'key' | 'text' | 'comment' | 'template' | 'punctuation' | 'plain'
export interface Token {
  at: number
  kind: TokenKind
  text: string
}

/** Sticky patterns, tried in order at each place. Colour only: nothing is decided by it. */
const PATTERNS: readonly [TokenKind, RegExp][] = [
  ['comment', /(?<=^|\s)#.*/y],
  ['template', /\$?\{\{.*?\}\}/y],
  ['key', /[A-Za-z_][\w.-]*(?=\s*:(?:\s|$))/y],
  ['text', /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/y],
  ['punctuation', /[-:[\]{},|>&*?!]+/y],
  ['plain', /[^\s#${"'[\]{},|>&*?!:-]+|\s+|./y],
]

/** Cuts one line of YAML into coloured pieces; the pieces give the line again. */
export function yamlTokens(line: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < line.length; ) {
    const token = tokenAt(line, at)
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

function tokenAt(line: string, at: number): Token {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at
    const text = pattern.exec(line)?.[0]
    if (text) return { at, kind, text }
  }
  return { at, kind: 'plain', text: line.slice(at) }
}
