/**
 * Only our own scripts and styles run, without 'unsafe-inline': Scalar gives its style element the nonce that the page names.
 * Nothing is loaded from elsewhere, and nothing is sent anywhere else.
 */
const policyWith = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')

/** No fonts, proxy or telemetry of others: the page works without a network. */
const SETTINGS = JSON.stringify({
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
})

/** The human-readable API reference: Scalar, served from our own assets. */
export function docsPage(): Response {
  const nonce = crypto.randomUUID()
  const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta property="csp-nonce" content="${nonce}">
    <title>Steward API</title>
    <link rel="icon" href="/favicon.svg" type="image/svg+xml">
  </head>
  <body>
    <noscript>This page needs JavaScript. The API is described at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</noscript>
    <script id="api-reference" data-url="/api/v1/openapi.json" data-configuration='${SETTINGS}'></script>
    <script src="/docs/standalone.js"></script>
  </body>
</html>
`
  return new Response(page, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policyWith(nonce),
      // A nonce is good once.
      'Cache-Control': 'no-store',
    },
  })
}
