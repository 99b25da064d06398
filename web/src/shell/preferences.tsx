import { Segmented } from '../components/segmented'
import { setLanguage, useLanguage, useTranslate } from '../i18n/language'
import { LANGUAGE_NAMES, LANGUAGES } from '../i18n/translate'
import { setTheme, THEMES, useTheme } from '../theme/theme'

export function LanguageSwitch() {
  const t = useTranslate()
  const options = LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))
  return <Segmented label={t('language.label')} value={useLanguage()} options={options} onChange={setLanguage} />
}

export function ThemeSwitch() {
  const t = useTranslate()
  const options = THEMES.map((value) => ({ value, label: t(`theme.${value}`) }))
  return <Segmented label={t('theme.label')} value={useTheme()} options={options} onChange={setTheme} />
}
