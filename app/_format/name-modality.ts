const NAMES: Readonly<Record<string, string>> = { 'chest-xray': 'Chest X-ray', oct: 'OCT' }

/** A modality's display name. */
export function nameModality(modality: string): string {
  return Object.hasOwn(NAMES, modality) ? (NAMES[modality] ?? modality) : modality
}
