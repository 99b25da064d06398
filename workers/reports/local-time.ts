/** `08:15` of an instant in a time zone; a text that is no instant stays as it is. */
export function localTime(instant: string, timeZone: string): string {
  const time = Date.parse(instant)
  return Number.isNaN(time) ? instant : new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(time)
}

/** The hour 0–23 of an instant in a time zone. */
export function hourOf(instant: string, timeZone: string): number | undefined {
  const time = Date.parse(instant)
  return Number.isNaN(time)
    ? undefined
    : Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(time))
}
