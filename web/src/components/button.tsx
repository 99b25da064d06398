import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { classNames } from './class-names'

const VARIANTS = {
  primary: 'bg-brand text-on-brand border-transparent hover:bg-brand-strong',
  secondary: 'bg-surface text-ink border-line hover:bg-hover',
  ghost: 'bg-transparent text-ink-soft border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-surface text-bad border-line hover:bg-bad-soft',
} as const
const SIZES = { small: 'h-8 px-2.5 gap-1.5', medium: 'h-9 px-3.5 gap-2', icon: 'size-9 justify-center' } as const

export interface ButtonLook {
  variant?: keyof typeof VARIANTS
  size?: keyof typeof SIZES
}

/** The look of a button, for links that act as one. */
export const buttonClass = ({ variant = 'secondary', size = 'medium' }: ButtonLook = {}): string =>
  classNames(
    'inline-flex shrink-0 items-center justify-center rounded-md border font-semibold whitespace-nowrap transition-colors select-none',
    'disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
    VARIANTS[variant],
    SIZES[size],
  )

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement>, ButtonLook {
  /** Required where the button shows only an icon. */
  label?: string
  children: ReactNode
}

export function Button({ variant, size, label, className, type = 'button', ...rest }: ButtonProps) {
  return <button type={type} aria-label={label} title={label} className={classNames(buttonClass({ variant, size }), className)} {...rest} />
}
