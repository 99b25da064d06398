/** Receivers refuse a signature whose time is further off than this. */
export const SIGNATURE_TOLERANCE_SECONDS = 300

/**
 * `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` with the endpoint's secret as UTF-8 bytes.
 * The time is part of what is signed, so an old request cannot be sent again later.
 */
export async function signWebhook(secret: string, body: string, at: Date): Promise<string> {
  const time = Math.floor(at.getTime() / 1000)
  const encoder = new TextEncoder()
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(`${time}.${body}`)))
  return `t=${time},v1=${Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
