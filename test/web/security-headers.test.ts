import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { headerRules } from '../../web/build/security-headers'

/** The rules as Workers assets and Pages read them: a pattern without indentation, its headers below. */
function rulesOf(text: string): { pattern: RegExp; headers: Record<string, string> }[] {
  return text
    .split(/\n(?=\S)/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const [pattern = '', ...lines] = block.trim().split('\n')
      const escaped = pattern
        .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '.*')
        .replace(/:[a-z]\w*/g, '[^/.]+')
      return {
        pattern: new RegExp(`^${pattern.startsWith('https://') ? '' : 'https://[^/]+'}${escaped}$`),
        headers: Object.fromEntries(
          lines.map(
            (line) =>
              line
                .trim()
                .split(/: (.*)/s)
                .slice(0, 2) as [string, string],
          ),
        ),
      }
    })
}
const headersAt = (host: string, path: string) =>
  Object.assign(
    {},
    ...rulesOf(headerRules(undefined))
      .filter(({ pattern }) => pattern.test(`https://${host}${path}`))
      .map(({ headers }) => headers),
  ) as Record<string, string>
const REMOVED = '! Strict-Transport-Security'

describe("the dashboard's files", () => {
  it('carry a policy without inline code, and cannot be framed, guessed or read from elsewhere', () => {
    for (const path of ['/', '/runs/run_1', '/assets/index-1.js', '/docs/standalone.js']) {
      const headers = headersAt('steward.example.com', path)
      expect(headers['Content-Security-Policy'], path).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
      expect(headers['Content-Security-Policy'], path).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|\*/)
      expect(headers, path).toMatchObject({
        'X-Content-Type-Options': 'nosniff',
        'X-Frame-Options': 'DENY',
        'Referrer-Policy': 'no-referrer',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Resource-Policy': 'same-origin',
      })
    }
  })

  it('ask for transport security on names of the internet and not on a developer’s machine', () => {
    for (const host of ['acme.example', 'steward.acme.example', 'steward.acme.co.uk', 'steward.pages.dev'])
      expect(headersAt(host, '/')['Strict-Transport-Security'], host).toContain('max-age=')
    for (const host of ['127.0.0.1', '127.0.0.1:8787']) expect(headersAt(host, '/'), host).toHaveProperty(REMOVED)
    for (const host of ['localhost', 'steward']) expect(headersAt(host, '/'), host).not.toHaveProperty('Strict-Transport-Security')
  })

  it('hold no inline script, style or handler', () => {
    const page = readFileSync('web/index.html', 'utf8')
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i)
    for (const [, attributes = ''] of page.matchAll(/<script([^>]*)>/g)) expect(attributes).toContain('src=')
  })
})
