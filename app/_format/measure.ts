import { formatNumber, UNDEFINED_NUMBER } from './ratio.ts'

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** 74200000 → "74.2 MB" (powers of 1,000). */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return UNDEFINED_NUMBER
  const power = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${BYTE_UNITS[power]}`
}

/** Seconds for people: "0.4 s", "42 s", "3 min 05 s", "2 h 10 min". */
export function formatSeconds(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return UNDEFINED_NUMBER
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`
}

/** What takes less than a second, in milliseconds: 0.0274 → "27.4 ms". */
export function formatMilliseconds(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return UNDEFINED_NUMBER
  return `${formatNumber(seconds * 1000, 1)} ms`
}
