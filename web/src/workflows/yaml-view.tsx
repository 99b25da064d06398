import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../components/button'
import { useTranslate } from '../i18n/language'
import { type TokenKind, yamlTokens } from './yaml-tokens'

const COLOURS = {
  key: 'text-brand',
  text: 'text-good',
  comment: 'text-ink-faint italic',
  template: 'text-warn',
  punctuation: 'text-ink-faint',
  plain: undefined,
} as const satisfies Record<TokenKind, string | undefined>

const COPIED_SHOWS_MS = 2_000

/** A workflow's text as it was written, with line numbers, to read and to copy. */
export function YamlView({ source }: { source: string }) {
  const t = useTranslate()
  const lines = source.replace(/\n$/, '').split('\n')
  return (
    <div className="relative">
      <div className="absolute top-2 right-2">
        <CopyButton text={source} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <section aria-label={t('workflows.source')} tabIndex={0} className="max-h-[75vh] overflow-auto p-4 -outline-offset-2">
        <pre className="font-mono text-xs leading-relaxed">
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its number, and the text does not change
            <div key={index} className="flex">
              <span aria-hidden className="numeric w-10 shrink-0 pr-4 text-right text-ink-faint select-none">
                {index + 1}
              </span>
              <code>
                {yamlTokens(line).map((token) => (
                  <span key={token.at} className={COLOURS[token.kind]}>
                    {token.text}
                  </span>
                ))}
                {'\n'}
              </code>
            </div>
          ))}
        </pre>
      </section>
    </div>
  )
}

function CopyButton({ text }: { text: string }) {
  const t = useTranslate()
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), COPIED_SHOWS_MS)
  }
  return (
    <Button size="small" onClick={() => void copy()}>
      {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      <span aria-live="polite">{t(copied ? 'app.copied' : 'app.copy')}</span>
    </Button>
  )
}
