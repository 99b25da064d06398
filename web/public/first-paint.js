// Sets theme and language before the first paint, so that neither flashes. A file of its own because the
// content security policy allows no inline script. Keys as in src/theme/theme.ts and src/i18n/language.ts.
;(() => {
  try {
    const theme = localStorage.getItem('steward.theme')
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
    const language = localStorage.getItem('steward.language') ?? navigator.language.slice(0, 2)
    document.documentElement.lang = language === 'de' ? 'de' : 'en'
  } catch (error) {
    console.warn('Steward: this browser refuses storage, so theme and language follow the system.', error)
  }
})()
