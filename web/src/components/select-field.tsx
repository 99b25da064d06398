import { useId } from 'react'
import { classNames } from './class-names'
import { INPUT_CLASS } from './text-field'

interface SelectFieldProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
  className?: string
}

/** A labelled choice on the browser's own select. */
export function SelectField<Value extends string>({ label, value, options, onChange, className }: SelectFieldProps<Value>) {
  const id = useId()
  return (
    <div className={classNames('flex items-center gap-2', className)}>
      <label htmlFor={id} className="text-xs font-semibold whitespace-nowrap text-ink-soft">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value)
          if (chosen !== undefined) onChange(chosen.value)
        }}
        className={classNames(INPUT_CLASS, 'h-9 py-1')}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}
