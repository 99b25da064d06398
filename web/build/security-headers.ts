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

/**
 * `Strict-Transport-Security` by host: rules of `_headers` see neither scheme nor port, and a name without a dot is a developer's
 * machine. 127.0.0.1 looks like a name with dots to the rules, so the header is taken away there again.
 */
const HOSTS = ['https://:a.:b/*', 'https://:a.:b.:c/*', 'https://:a.:b.:c.:d/*', 'https://:a.:b.:c.:d.:e/*']

/** The headers of the dashboard's files, as Workers assets and Pages both read them. */
export function headerRules(apiUrl: string | undefined): string {
  return [
    '/*',
    `  Content-Security-Policy: ${contentSecurityPolicy(apiUrl)}`,
    '  X-Content-Type-Options: nosniff',
    '  X-Frame-Options: DENY',
    '  Referrer-Policy: no-referrer',
    '  Permissions-Policy: camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
    '  Cross-Origin-Opener-Policy: same-origin',
    '  Cross-Origin-Resource-Policy: same-origin',
    '',
    ...HOSTS.flatMap((host) => [host, '  Strict-Transport-Security: max-age=63072000; includeSubDomains', '']),
    'https://127.:b.:c.:d/*',
    '  ! Strict-Transport-Security',
    '',
    '/assets/*',
    '  Cache-Control: public, max-age=31536000, immutable',
    '',
  ].join('\n')
}

/** Writes `_headers` beside the built pages. */
export function securityHeaders(apiUrl: string | undefined): Plugin {
  return {
    name: 'steward-security-headers',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source: headerRules(apiUrl) })
    },
  }
}
