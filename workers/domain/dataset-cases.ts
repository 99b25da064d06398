import { CASES_PER_PAGE, type DatasetRecord, datasetKeys, pagesOf, type StoredCase } from './datasets'
import { AppError } from './error'
import type { Files } from './ports'

/** Writes the cases of a dataset version, page by page; the row of the version comes after them. */
export async function storeCases(
  files: Pick<Files, 'put'>,
  { name, version }: Pick<DatasetRecord, 'name' | 'version'>,
  cases: readonly StoredCase[],
): Promise<void> {
  for (let page = 0; page < pagesOf(cases.length); page += 1) {
    const rows = cases.slice(page * CASES_PER_PAGE, (page + 1) * CASES_PER_PAGE)
    await files.put(datasetKeys.page(name, version, page), JSON.stringify(rows), 'application/json')
  }
}

/** The cases `[from, from + count)` of a dataset version, in its order. Refuses `not_found` when they are not stored any more. */
export async function readCases(
  files: Pick<Files, 'read'>,
  { name, version }: Pick<DatasetRecord, 'name' | 'version'>,
  from: number,
  count: number,
): Promise<StoredCase[]> {
  const first = Math.floor(from / CASES_PER_PAGE)
  const last = Math.floor((from + count - 1) / CASES_PER_PAGE)
  const rows: StoredCase[] = []
  for (let page = first; page <= last; page += 1) {
    const bytes = await files.read(datasetKeys.page(name, version, page))
    if (bytes === undefined)
      throw new AppError('not_found', `The cases of dataset '${name}', version ${version}, are not stored any more; save it again.`)
    rows.push(...(JSON.parse(new TextDecoder().decode(bytes)) as StoredCase[]))
  }
  return rows.slice(from - first * CASES_PER_PAGE, from - first * CASES_PER_PAGE + count)
}

/** The keys of all pages of a version. */
export const keysOfCases = ({ name, version, cases }: DatasetRecord): string[] =>
  Array.from({ length: pagesOf(cases) }, (_, page) => datasetKeys.page(name, version, page))
