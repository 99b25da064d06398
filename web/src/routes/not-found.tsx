import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { buttonClass } from '../components/button'
import { EmptyState } from '../components/states'
import { useTranslate } from '../i18n/language'

export function NotFoundScreen() {
  const t = useTranslate()
  return (
    <main className="grid min-h-screen place-items-center">
      <EmptyState icon={Compass} title={t('app.notFound.title')} text={t('app.notFound.text')}>
        <Link to="/" className={`${buttonClass({ variant: 'primary' })} mt-3`}>
          {t('app.notFound.home')}
        </Link>
      </EmptyState>
    </main>
  )
}
