/** At most so many characters: names that begin alike often differ at their end. */
export function shortenMiddle(name: string, characters: number): string {
  if (name.length <= characters) return name
  const kept = characters - 1
  const end = Math.floor(kept / 2)
  return `${name.slice(0, kept - end)}…${name.slice(name.length - end)}`
}
