import type { Address, Email } from 'postal-mime'
import type { Draft } from '../draft'

/** Shows a mail's headers on top of its page, and for the first mail of a file notes them as metadata. */
export function noteHeaders(draft: Draft, mail: Email, isFirst: boolean): void {
  const shown = {
    from: formatAddresses(mail.from ? [mail.from] : []),
    to: formatAddresses(mail.to),
    cc: formatAddresses(mail.cc),
    date: mail.date ?? '',
    subject: mail.subject ?? '',
  }
  if (isFirst) {
    for (const [key, value] of Object.entries(shown)) draft.note(key, value)
    draft.note('messageId', mail.messageId)
    draft.note('inReplyTo', mail.inReplyTo)
    draft.note('references', mail.references)
    draft.note('replyTo', formatAddresses(mail.replyTo))
    draft.note('autoSubmitted', mail.headers.find(({ key }) => key === 'auto-submitted')?.value)
  }
  draft.title(mail.subject)
  const lines = Object.entries(shown).flatMap(([key, value]) => (value === '' ? [] : [`${key[0]?.toUpperCase()}${key.slice(1)}: ${value}`]))
  for (const line of lines) draft.add('header', line)
}

/** `Ada <ada@example.com>, bob@example.com`; groups by their members. */
export const formatAddresses = (addresses: Address[] = []): string =>
  addresses
    .flatMap((address): { name: string; address: string }[] => address.group ?? [address])
    .map(({ name, address }) => (name && address ? `${name} <${address}>` : address || name))
    .join(', ')
