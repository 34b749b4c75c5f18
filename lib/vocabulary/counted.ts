/** A count with its noun: 1, 'file' → `1 file`; 12000, 'file' → `12,000 files`; the plural where it is no mere s. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`
}
