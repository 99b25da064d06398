/** The pure part of json-relay's four steps, for the floors that do them without Steward. */

const MIN_AMOUNT = 0

/** What is wrong with an order; undefined when nothing is. */
export function problemOf({ orderId, amount, url }) {
  if (typeof orderId !== 'string' || orderId === '') return 'orderId must be a text'
  if (typeof amount !== 'number' || !(amount >= 0)) return 'amount must be a number from 0'
  return URL.canParse(url) ? undefined : 'url must be an address'
}

/** What is sent on. */
export const relayed = ({ orderId, amount }) => ({ orderId: orderId.toUpperCase(), cents: Math.round(amount * 100) })

/** Whether it is sent on at all. */
export const isWorthIt = ({ amount }) => amount >= MIN_AMOUNT
