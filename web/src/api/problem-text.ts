import { useTranslate } from '../i18n/language'
import { ApiError } from './problem'

/** Gives the sentence to show for anything thrown: the server's own where it sent one. */
export function useProblemText(): (error: unknown) => string {
  const t = useTranslate()
  return (error) => {
    if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error)
    if (error.status === 0) return t('error.network')
    if (error.message === '') return error.status === 401 ? t('error.session') : t('error.unknown', { status: error.status })
    const details = error.problems.map((problem) => (problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`))
    return [error.message, ...details].join(' ')
  }
}
