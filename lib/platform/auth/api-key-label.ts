/** A key as the maker of something: its name alone, which is any text, could pass for a person's. */
export function apiKeyLabel({ name, hint }: { name: string; hint: string }): string {
  return `API key “${name}” (${hint}…)`
}
