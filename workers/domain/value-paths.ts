import * as z from 'zod'

/** One step of a path into a JSON value: a member, an item, all items, or the items whose member has a text. */
type PathStep = { member: string } | { item: number } | 'all' | { where: string; equals: string }

const MAX_PATH_CHARACTERS = 300
const STEP = /(?:^(?!\.)|(?!^)\.)([^.[\]]+)|\[(?:(\d+)|(\*)|([^\]=]+)=([^\]]*))\]/y

/** A path such as `answer`, `fields[name=total].value`, `hits[*].documentId`; empty: the whole value. */
export const ValuePath = z
  .string()
  .max(MAX_PATH_CHARACTERS)
  .refine((text) => parsePath(text) !== undefined, 'write names joined by dots, with [0], [*] or [name=total], such as fields[0].value')

/**
 * What a path leads to; undefined where it leads nowhere. With `[*]` it is always a list; with `[name=text]` it is a list when several
 * items fit, and the item when one does.
 */
export function valueAt(value: unknown, path: string): unknown {
  const steps = parsePath(path) ?? []
  let found: unknown[] = [value]
  for (const step of steps) found = found.flatMap((each) => follow(each, step))
  if (steps.includes('all')) return found
  return found.length > 1 ? found : found[0]
}

function parsePath(text: string): PathStep[] | undefined {
  const steps: PathStep[] = []
  STEP.lastIndex = 0
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text)
    if (match === null) return undefined
    const [, member, item, all, where, equals] = match
    if (member !== undefined) steps.push({ member })
    else if (item !== undefined) steps.push({ item: Number(item) })
    else if (all !== undefined) steps.push('all')
    else steps.push({ where: where ?? '', equals: equals ?? '' })
  }
  return steps
}

function follow(value: unknown, step: PathStep): unknown[] {
  if (step === 'all') return Array.isArray(value) ? value : []
  if ('item' in step) return Array.isArray(value) ? value.slice(step.item, step.item + 1) : []
  if ('where' in step) return Array.isArray(value) ? value.filter((each) => String(memberOf(each, step.where)) === step.equals) : []
  const member = memberOf(value, step.member)
  return member === undefined ? [] : [member]
}

/** Own members only: a path must not reach what every object inherits. */
const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
