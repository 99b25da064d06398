import type { PartHead } from './domain/backups'
import type { DumpedObject, DumpPage } from './domain/dumps'
import { AppError, unwrap } from './domain/error'
import type { ObjectName } from './dumped-objects'

/** An object that was written to between two of its pages is read again from the first; so often. */
const MAX_TRIES = 8

/** An object in parts, all of one state of it; none for one that holds nothing. A part for page 0 voids what came of the object before. */
export async function* readObject(
  object: () => DumpedObject,
  name: ObjectName,
): AsyncGenerator<{ head: PartHead; body: Uint8Array<ArrayBuffer> }> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const first = unwrap(await object().dump(''))
    if (first.rows === 0 && first.next === undefined) return
    let page: DumpPage | undefined = first
    for (let number = 0; page !== undefined && page.stamp === first.stamp; number += 1) {
      yield partOf(name, number, page)
      if (page.next === undefined) return
      const answer = await object().dump(page.next)
      page = answer.ok ? answer.value : undefined
    }
  }
  throw new AppError('unavailable', 'An object of the installation is written to all the time; try again at a quieter time.')
}

function partOf(name: ObjectName, page: number, { lines, rows, next, sequences }: DumpPage) {
  const head: PartHead = {
    ...{ kind: 'object', ...name, page, isLast: next === undefined, rows },
    ...(next === undefined && sequences && { sequences }),
  }
  return { head, body: new Uint8Array(new TextEncoder().encode(lines)) }
}
