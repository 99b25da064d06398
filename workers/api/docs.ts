/** Only our own script runs; Scalar writes its styles inline. Nothing is loaded from elsewhere. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"

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
export const docsPage = (): Response =>
  new Response(
    `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Steward API</title>
  </head>
  <body>
    <noscript>This page needs JavaScript. The API is described at <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</noscript>
    <script id="api-reference" data-url="/api/v1/openapi.json" data-configuration='${SETTINGS}'></script>
    <script src="/docs/standalone.js"></script>
  </body>
</html>
`,
    { headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': POLICY, 'Cache-Control': 'public, max-age=300' } },
  )
