/**
 * How long a WebSocket of live events is open at most. Whoever watches on comes back with a new ticket, so an account that was disabled or
 * lost its role sees nothing more after that.
 */
export const SOCKET_MS = 15 * 60_000

/** Close code of a socket whose time is over, of those that applications may give a meaning (4000–4999). */
export const SOCKET_OVER = 4001
export const SOCKET_OVER_REASON = 'the time of this connection is over; connect again with a new ticket and after=<last seq>'
