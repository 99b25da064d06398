/** How long a host that was reached counts as there, and how many are remembered. */
const REMEMBER_MS = 5_000
const MAX_REMEMBERED = 200
const reachedAt = new Map<string, number>()

/**
 * As `canConnect`, but a host that was reached in the last seconds is not asked again. One that has gone since then makes the request
 * itself fail, whose outcome then counts as unknown: never as "nothing was sent".
 */
export async function couldConnect(hostname: string, port: number): Promise<boolean> {
  const origin = `${hostname}:${port}`
  if (Date.now() - (reachedAt.get(origin) ?? 0) < REMEMBER_MS) return true
  const reachable = await canConnect(hostname, port)
  if (reachedAt.size >= MAX_REMEMBERED) reachedAt.clear()
  if (reachable) reachedAt.set(origin, Date.now())
  else reachedAt.delete(origin)
  return reachable
}

/** Longest wait for a connection: a host that drops packets is taken for unreachable. */
const CONNECT_TIMEOUT_MS = 5_000

/**
 * Whether a TCP connection to the host can be opened; it is closed again at once. For the `probe` of createOutbound on a local
 * workerd. Not for Cloudflare's network, where sockets to Cloudflare's own addresses are refused although fetch reaches them.
 */
export async function canConnect(hostname: string, port: number): Promise<boolean> {
  const { connect } = await import('cloudflare:sockets')
  const socket = connect({ hostname: hostname.replace(/^\[|\]$/g, ''), port })
  const closed = socket.closed.catch(() => undefined)
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CONNECT_TIMEOUT_MS)
  })
  const opened = socket.opened.then(
    () => true,
    () => false,
  )
  const reachable = await Promise.race([opened, late])
  clearTimeout(timer)
  await Promise.race([socket.close().catch(() => undefined), closed])
  return reachable
}
