/** A day of the visitor's calendar as a date field has it; "" where there is no instant. */
export function dayOf(instant: Date | null): string {
  if (instant === null || Number.isNaN(instant.getTime())) return ''
  const two = (value: number) => String(value).padStart(2, '0')
  return `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`
}

/** The instant at which that day begins where the visitor is, `later` days on; null for an empty field. */
export function beginningOf(day: string, later = 0): Date | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? []
  if (year === undefined) return null
  return new Date(Number(year), Number(month) - 1, Number(date) + later)
}
