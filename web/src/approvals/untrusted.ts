/** Where text came from that nobody of the tenant wrote. */
export interface OriginView {
  kind: string
  id: string
  /** Name of the file, subject of the mail, address. */
  name: string
}

/** One argument of an effect that comes from such text. */
export interface UntrustedView {
  path: string
  /** What would be sent, as text. */
  value: string
  origins: OriginView[]
  /** Where it stands word for word, with the page where there is one. */
  quotes: { quote: string; origin: OriginView; page?: number }[]
}

export interface UntrustedEffectView {
  /** `action.mail`, `POST https://erp.example.com`. */
  action: string
  arguments: Record<string, unknown>
  untrusted: UntrustedView[]
}

type Members = Record<string, unknown>
const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null && !Array.isArray(value)

/** What the details of an approval say of untrusted arguments; undefined for any other approval. */
export function readUntrustedEffect(details: unknown): UntrustedEffectView | undefined {
  if (!isObject(details) || details.reason !== 'untrusted_arguments' || !Array.isArray(details.untrusted)) return undefined
  return {
    action: typeof details.action === 'string' ? details.action : '',
    arguments: isObject(details.arguments) ? details.arguments : {},
    untrusted: details.untrusted.flatMap(readArgument),
  }
}

/** The sources of all its arguments, each once. */
export const originsOf = ({ untrusted }: UntrustedEffectView): OriginView[] => [
  ...new Map(untrusted.flatMap(({ origins }) => origins).map((origin) => [origin.id, origin])).values(),
]

function readArgument(value: unknown): UntrustedView[] {
  if (!isObject(value) || typeof value.path !== 'string') return []
  return [
    {
      path: value.path,
      value: typeof value.value === 'string' ? value.value : JSON.stringify(value.value ?? null),
      origins: listOf(value.origins).flatMap(readOrigin),
      quotes: listOf(value.places).flatMap(readPlace),
    },
  ]
}

function readOrigin(value: unknown): OriginView[] {
  if (!isObject(value) || typeof value.kind !== 'string' || typeof value.id !== 'string') return []
  return [{ kind: value.kind, id: value.id, name: typeof value.label === 'string' && value.label !== '' ? value.label : value.id }]
}

function readPlace(value: unknown): UntrustedView['quotes'] {
  if (!isObject(value) || typeof value.quote !== 'string' || !isObject(value.origin)) return []
  const [origin] = readOrigin(value.origin)
  const { page } = value.origin
  return origin === undefined ? [] : [{ quote: value.quote, origin, ...(typeof page === 'number' && { page }) }]
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
