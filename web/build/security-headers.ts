import type { Plugin } from 'vite'

/** The policy of the dashboard's pages. `wasm-unsafe-eval` is for pdf.js's image decoders; blob: is for originals shown from memory. */
export function contentSecurityPolicy(apiUrl: string | undefined): string {
  const api = apiUrl === undefined || apiUrl === '' ? [] : [new URL(apiUrl).origin, new URL(apiUrl).origin.replace(/^http/, 'ws')]
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' blob: data:",
    ["connect-src 'self'", ...api].join(' '),
    "worker-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')
}

/** Writes `_headers`, which Workers assets and Pages both obey. */
export function securityHeaders(apiUrl: string | undefined): Plugin {
  const rules = [
    '/*',
    `  Content-Security-Policy: ${contentSecurityPolicy(apiUrl)}`,
    '  X-Content-Type-Options: nosniff',
    '  Referrer-Policy: no-referrer',
    '  Permissions-Policy: camera=(), microphone=(), geolocation=()',
    '',
    '/assets/*',
    '  Cache-Control: public, max-age=31536000, immutable',
    '',
    // The API reference brings its own styles with it.
    '/docs/*',
    '  ! Content-Security-Policy',
    "  Content-Security-Policy: default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:",
    '',
  ]
  return {
    name: 'steward-security-headers',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: rules.join('\n') })
    },
  }
}
