import { classifierKeys, splitReference } from '../../../domain/classifiers'
import { AppError } from '../../../domain/error'
import type { Ports } from '../../../domain/ports'
import type { Classifier } from './classifier'
import { readClassifier } from './codec'

/** Models that stay in memory: reading one of 7 MB takes longer than hundreds of texts. An isolate has 128 MB for everything. */
const MAX_KEPT = 3
const kept = new Map<string, Classifier>()

export interface FoundClassifier {
  name: string
  version: string
  classifier: Classifier
}

/** The model that `name` or `name@version` refers to, ready to use. Refuses `not_found`, and `conflict` while it is not ready. */
export async function findClassifier(
  ports: Pick<Ports, 'tenantId' | 'classifiers' | 'files'>,
  reference: string,
): Promise<FoundClassifier> {
  const { name, version: wanted } = splitReference(reference)
  const row = await ports.classifiers.find(name, wanted)
  if (row === undefined) await refuseAbsent(ports, name, wanted)
  if (row?.status !== 'ready')
    throw new AppError('conflict', `Version '${row?.version}' of classifier '${name}' is not ready: it is ${row?.status}.`, {
      reason: 'not_ready',
    })
  const key = `${ports.tenantId}/${name}@${row.version}`
  const known = kept.get(key)
  if (known) return { name, version: row.version, classifier: keep(key, known) }
  const file = await ports.files.read(classifierKeys.model(name, row.version))
  if (file === undefined) throw new AppError('internal', `The model of classifier '${name}' is gone: train it again.`)
  return { name, version: row.version, classifier: keep(key, readClassifier(file)) }
}

async function refuseAbsent(ports: Pick<Ports, 'classifiers'>, name: string, wanted: string | undefined): Promise<never> {
  const [newest] = wanted === undefined ? await ports.classifiers.versions(name) : []
  if (newest !== undefined)
    throw new AppError('conflict', `Classifier '${name}' has no version that is ready; the newest is ${newest.status}.`, {
      reason: 'not_ready',
    })
  throw new AppError(
    'not_found',
    `There is no classifier '${wanted === undefined ? name : `${name}@${wanted}`}'; GET /api/v1/classifiers lists what there is.`,
  )
}

/** Puts it last, and lets the one go that was not used for longest. */
function keep(key: string, classifier: Classifier): Classifier {
  kept.delete(key)
  kept.set(key, classifier)
  for (const oldest of kept.keys()) {
    if (kept.size <= MAX_KEPT) break
    kept.delete(oldest)
  }
  return classifier
}
